import { Prompt } from '@logto/express'
import type { Logger } from 'pino'
import type { AppConfig } from '../settings/config.ts'
import type { ErrorAction } from './http/app-error.ts'
import { connectLogto, type Logto } from './logto/logto-client.ts'
import { signInExperience } from './logto/sign-in-experience.ts'
import type { SessionRows } from './session/backend/session-backend.ts'
import { sessionStore } from './session/session.ts'
import type { SessionStore } from './session/session-store.ts'
import { oktaSignOut } from './sign-in/okta-sign-out.ts'
import { companyOn, plainWay } from './sign-in/retry-link.ts'
import { type Beginning, SignInAttempts } from './sign-in/sign-in-attempt.ts'
import { renewTokens } from './tokens/renew-tokens.ts'
import { revocations } from './tokens/revoke-tokens.ts'

/** What the handlers of this room share. */
export interface AuthContext {
  config: AppConfig
  logto: Logto
  attempts: SignInAttempts
  store: SessionStore
  /** Revokes the tokens of a session that has ended. Those that `store.end` ends are revoked by themselves. */
  revoke: ReturnType<typeof revocations>
  renew: ReturnType<typeof renewTokens>
  /** Whether Logto may give somebody new an account; also where it has not said. */
  canSignUp: () => boolean
}

/**
 * Sets up what the handlers of this room share.
 *
 * @param surroundings.rows where sessions live
 * @param surroundings.fetch how Logto is called
 * @param surroundings.logger told of companies in the settings that Logto does not list
 */
export function authContext(
  config: AppConfig,
  { rows, fetch, logger }: { rows: SessionRows; fetch: typeof globalThis.fetch; logger: Logger },
): AuthContext {
  const logto = connectLogto(config, fetch)
  const store = sessionStore(config, rows)
  const revoke = revocations(logto)
  store.on('ended', revoke)
  const renew = renewTokens({ config, logto, store, revoke })
  const experience = signInExperience(config, fetch, logger)
  // In that mode Logto refuses everybody new, and its register screen leads nowhere.
  const canSignUp = () => experience()?.signInMode !== 'SignIn'
  return { config, logto, attempts: new SignInAttempts(config), store, revoke, renew, canSignUp }
}

/** The address Logto sends people back to. It must be registered there, to the letter. */
export const callbackUrl = ({ baseUrl }: AppConfig) => `${baseUrl}/callback`

/** The way on that an error page offers: to begin again in the same way, and come back to the same place. */
export function signInAgain({ baseUrl }: AppConfig, { returnTo, way }: Beginning): ErrorAction {
  const again = new URL(baseUrl + way)
  if (returnTo !== `${baseUrl}/`) {
    again.searchParams.set('return_to', returnTo.slice(new URL(returnTo).origin.length))
  }
  return { href: again.href, label: 'try_again' }
}

/**
 * The same, but Logto asks, whoever it remembers. Without `consent` it would give no refresh token.
 *
 * @param way the plain one leads to Logto's own page, which asks who it is
 */
export function signInAnew(config: AppConfig, { returnTo, way }: Beginning): ErrorAction {
  const { href, label } = signInAgain(config, { returnTo, way })
  const anew = new URL(href)
  anew.searchParams.set('prompt', `${Prompt.Login} ${Prompt.Consent}`)
  return { href: anew.href, label }
}

/**
 * Further ways on, for somebody who was refused as who they are: by Logto's page as somebody else; and where they came
 * straight to a company's Okta, which may not ask again whom it knows, an end to its session.
 */
export function asSomebodyElse(config: AppConfig, { returnTo, way }: Beginning): ErrorAction[] {
  const { href } = signInAnew(config, { returnTo, way: plainWay })
  const company = companyOn(way, config.connectors)
  return [
    { href, label: 'somebody_else' },
    ...(company
      ? [{ href: oktaSignOut(company), label: 'end_company', params: { company: company.name } } as const]
      : []),
  ]
}
