import { BoundedStore } from './bounded-store.ts'

/** What somebody who is sent on to Okta has told Logto already. */
export interface ToldFirst {
  /** Empty where nobody asked for it. */
  email: string
  uiLocales: unknown
}

/**
 * It by the `state` that Okta is sent on with, for Okta's page to be filled in and in the same language. A real Logto
 * sends Okta neither, so nothing of it may be in the request.
 */
export type ToldFirstStore = BoundedStore<ToldFirst>

export const createToldFirst = (): ToldFirstStore => new BoundedStore(1000)
