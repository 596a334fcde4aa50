import type { Request, RequestHandler } from 'express'
import type { AppConfig } from '../config.ts'
import type { Logto } from './logto-client.ts'
import { unavailable } from './logto-fault.ts'
import { returnUrl } from './return-to.ts'
import type { SignInAttempts } from './sign-in-attempt.ts'
import { type RequestedOptions, signInOptions } from './sign-in-options.ts'

/** What the handlers of a sign-in share. */
export interface AuthContext {
  config: AppConfig
  logto: Logto
  attempts: SignInAttempts
}

/** The way on that an error page offers: to begin again, and come back to the same place. */
export function signInAgain({ baseUrl }: Pick<AppConfig, 'baseUrl'>, returnTo: string) {
  const path = returnTo.slice(new URL(returnTo).origin.length)
  const query = returnTo === `${baseUrl}/` ? '' : `?${new URLSearchParams({ return_to: path })}`
  return { href: `${baseUrl}/sign-in${query}`, label: 'Try again' }
}

/** The address Logto sends people back to. It must be registered there, to the letter. */
export const callbackUrl = ({ baseUrl }: Pick<AppConfig, 'baseUrl'>) => `${baseUrl}/callback`

/**
 * `GET /sign-in` and `GET /sign-up`: begins an attempt and sends the browser to Logto. A session that exists stays
 * as it is until the new sign-in succeeds.
 *
 * @param preset options that hold unless the query says otherwise
 */
export function signIn(
  { config, logto, attempts }: AuthContext,
  preset: RequestedOptions = {},
): RequestHandler {
  return async (req: Request, res) => {
    const options = { ...preset, ...signInOptions(req.query) }
    const returnTo = returnUrl(req.query.return_to, config.baseUrl)
    const { attempt, remember } = await attempts.begin(returnTo)
    const client = logto.clientFor({ holder: {}, attempt })
    try {
      await client.signIn({ ...options, redirectUri: callbackUrl(config), clearTokens: false })
    } catch (error) {
      throw unavailable(error, {
        message: 'The sign-in service does not answer at the moment. Please try again shortly.',
        action: signInAgain(config, returnTo),
      })
    }
    remember(req, res)
    res.redirect(303, client.takeDestination())
  }
}
