import { BoundedStore } from './bounded-store.ts'

/** What somebody has typed and chosen at Logto before Logto sends them on to their company's provider. */
export interface LoginHint {
  /** Empty where nobody asked for it. */
  email: string
  uiLocales: unknown
}

/**
 * Hints by the `state` of the request to the provider: its page is filled in and has the same language. A real Logto
 * sends the provider neither, so nothing of it may be in the request.
 */
export type LoginHints = BoundedStore<LoginHint>

export const createLoginHints = (): LoginHints => new BoundedStore(1000)
