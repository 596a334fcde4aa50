import type { AppConfig } from '../config.ts'
import type { ErrorAction } from '../http/app-error.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { Logto } from './logto-client.ts'
import type { SignInAttempts } from './sign-in-attempt.ts'

/** What the handlers of this room share. */
export interface AuthContext {
  config: AppConfig
  logto: Logto
  attempts: SignInAttempts
  store: SessionStore
}

/** The address Logto sends people back to. It must be registered there, to the letter. */
export const callbackUrl = ({ baseUrl }: AppConfig) => `${baseUrl}/callback`

/** The way on that an error page offers: to begin again, and come back to the same place. */
export function signInAgain(
  { baseUrl }: AppConfig,
  returnTo: string,
  options: { prompt?: 'login'; direct_sign_in?: string } = {},
): ErrorAction {
  const path = returnTo.slice(new URL(returnTo).origin.length)
  const query = new URLSearchParams({ ...(returnTo !== `${baseUrl}/` && { return_to: path }), ...options })
  return { href: `${baseUrl}/sign-in${query.size > 0 ? `?${query}` : ''}`, label: 'try_again' }
}
