import type { Request, RequestHandler } from 'express'
import { seeOther } from '../http/see-other.ts'
import { languageOf } from '../i18n/language.ts'
import { type AuthContext, callbackUrl, signInAgain } from './context.ts'
import { clockTolerance } from './id-token-verifier.ts'
import { unavailable } from './logto-fault.ts'
import { returnUrl } from './return-to.ts'
import { type RequestedOptions, signInOptions } from './sign-in-options.ts'

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
  const maxAge = String(maximumAge(config.sessions.absolute / 1000))
  return async (req: Request, res) => {
    const options = { ...preset, ...signInOptions(req.query) }
    const returnTo = returnUrl(req.query.return_to, config.baseUrl)
    const { attempt, remember } = attempts.begin(returnTo)
    const client = logto.clientFor({ holder: {}, attempt })
    try {
      await client.signIn({
        ...options,
        extraParams: { ui_locales: languageOf(req), ...options.extraParams, max_age: maxAge },
        redirectUri: callbackUrl(config),
      })
    } catch (error) {
      throw unavailable(error, {
        words: 'sign_in_unavailable',
        action: signInAgain(config, returnTo),
      })
    }
    remember(req, res)
    seeOther(res, client.takeDestination())
  }
}

/**
 * How old a proof of identity may be for a new session: past the absolute limit Logto must ask again, whatever session
 * it still has (OpenID Connect Core 1.0 §3.1.2.1, `max_age`). A little less than the limit, by what two clocks may
 * differ, so that no session begins that is over at once.
 *
 * @param absolute the limit in seconds
 * @returns whole seconds
 */
function maximumAge(absolute: number): number {
  return Math.floor(absolute - Math.min(clockTolerance + 1, absolute / 10))
}
