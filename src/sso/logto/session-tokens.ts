// A host's declarations lead here: nothing of @logto's may be imported, whose types change every `req.session`.

/** What the Logto SDK keeps for one signed-in browser (`PersistKey` of @logto/client). */
export type Key = 'idToken' | 'refreshToken' | 'accessToken' | 'signInSession'

/** The same, as the strings the SDK wrote. */
export type SessionTokens = Partial<Record<Key, string>>

/** Something that has tokens or will have them: `req.session`, or a plain object while a sign-in is in flight. */
export interface TokenHolder {
  logto?: SessionTokens
  /** Called with a refresh token that is new, before anything else is done with the answer that brought it. */
  keepRefreshToken?: (refreshToken: string) => Promise<void>
}
