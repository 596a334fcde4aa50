// A host's declarations lead here: nothing of @logto's may be imported, whose types change every `req.session`.

/** What the Logto SDK keeps for one signed-in browser (`PersistKey` of @logto/client). */
type Key = 'idToken' | 'refreshToken' | 'accessToken' | 'signInSession'

/** The same, as the strings the SDK wrote. */
export type SessionTokens = Partial<Record<Key, string>>

/** Something that has tokens or will have them: `req.session`, or a plain object while a sign-in is in flight. */
export interface TokenHolder {
  logto?: SessionTokens
  /** Called with a refresh token that is new, before anything else is done with the answer that brought it. */
  keepRefreshToken?: (refreshToken: string) => Promise<void>
}

/**
 * The Logto SDK's `Storage` over a web session. The SDK's four keys live together under `logto`, apart from
 * whatever else a session holds; a key that is removed leaves nothing behind.
 */
export class SessionStorage {
  readonly #holder: TokenHolder

  /** @param holder usually `req.session` */
  constructor(holder: TokenHolder) {
    this.#holder = holder
  }

  /** @returns the value, or null when there is none */
  async getItem(key: Key): Promise<string | null> {
    return this.#holder.logto?.[key] ?? null
  }

  async setItem(key: Key, value: string): Promise<void> {
    const isNew = this.#holder.logto?.[key] !== value
    this.#holder.logto = { ...this.#holder.logto, [key]: value }
    if (key === 'refreshToken' && isNew) await this.#holder.keepRefreshToken?.(value)
  }

  async removeItem(key: Key): Promise<void> {
    const { [key]: _removed, ...kept } = this.#holder.logto ?? {}
    if (Object.keys(kept).length > 0) this.#holder.logto = kept
    else delete this.#holder.logto
  }
}
