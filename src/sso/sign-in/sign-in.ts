import { Prompt } from '@logto/express'
import type { LiveConfig } from '../../companies/index.ts'
import type { EnterpriseConnector } from '../../settings/config.ts'
import { readEmail } from '../../settings/values/email-domain.ts'
import { addressesAt, paths } from '../addresses.ts'
import type { SignInAttempts } from '../attempt/attempts.ts'
import { addressTooLong, longestLocation, roomBeside, seeOther } from '../http/answer.ts'
import { AppError } from '../http/app-error.ts'
import type { Handler } from '../http/handler.ts'
import { languageReader } from '../http/request/language.ts'
import {
  type Beginning,
  companyWay,
  plainWay,
  retryWay,
  returnUrl,
  signInAgain,
  targetUrl,
} from '../links/beginning.ts'
import { homeRealms } from '../links/home-realm.ts'
import { initiatedLogin, type RequestedOptions, signInOptions } from '../links/sign-in-options.ts'
import type { AuthorizationOptions } from '../logto/authorization-request.ts'
import type { Logto } from '../logto/logto-client.ts'
import { unavailable } from '../logto/logto-fault.ts'
import { clockTolerance } from '../logto/verify/id-token.ts'

/**
 * `GET /sign-in`, `GET /sign-in/<company>` and `GET /sign-up`: begins an attempt and sends the browser to Logto. A
 * session that exists stays as it is until the new sign-in succeeds.
 *
 * The way leads straight on to one company's Okta where `direct_sign_in` says so, or else the company's own link, the
 * issuer of a third-party-initiated login (OpenID Connect Core 1.0 §4: the tile on Okta's dashboard), or an email of
 * the company's domain. Such a login may begin without the person's doing, from any site: §4 wants it so, and what
 * it begins is an attempt like any other. Its state and its cookie bind the callback to this browser, so nobody can
 * have it finish *their own* sign-in here (login CSRF, RFC 6749 §10.12); what a stranger can bring about is that
 * somebody is signed in as who they already are at their own Okta.
 *
 * @param preset options that hold unless the query says otherwise
 */
export function signIn(
  { config, logto, attempts }: { config: LiveConfig; logto: Logto; attempts: SignInAttempts },
  preset: RequestedOptions = {},
): Handler {
  const { callback, signIn } = addressesAt(config.baseUrl)
  const languageOf = languageReader(config)
  const maxAge = String(maximumAge(config.sessions.absolute / 1000))
  const ways = homeRealms(config.companies, { href: signIn, label: 'sign_in' })
  return async (req, res, company) => {
    const options = { ...preset, ...signInOptions(req.query) }
    const { iss, target } = initiatedLogin(req)
    const connector = companyOf(company, iss, options)
    const returnTo =
      target === undefined
        ? returnUrl(req.query.return_to, config.baseUrl)
        : targetUrl(target, config.baseUrl)
    const path = connector
      ? companyWay(connector)
      : preset.firstScreen === 'register'
        ? paths.signUp
        : plainWay
    const request = {
      ...(connector && !options.directSignIn && straightTo(connector)),
      ...options,
      // Okta's sign-in page is filled in with it.
      ...(connector && options.loginHint && { loginHint: readEmail(options.loginHint).address }),
      extraParams: { ui_locales: languageOf(req), ...options.extraParams, max_age: maxAge },
      redirectUri: callback,
    }
    const { url, remember } = await begin({ returnTo, way: retryWay(path, req.query) }, path, request)
    remember(req, res, roomBeside(url))
    seeOther(res, url)
  }

  /**
   * Begins an attempt, with the address of Logto that it leads to. Where that is too long, it does without the options
   * for another try, and then without the hint.
   *
   * @throws AppError 414 where there is no room for where to return: it is not forgotten in silence
   */
  async function begin({ returnTo, way }: Beginning, path: string, request: AuthorizationOptions) {
    const { loginHint: _, ...unhinted } = request
    const lesser = [
      { way, request },
      { way: path, request },
      { way: path, request: unhinted },
    ]
    for (const { way, request } of returnTo.length > longestLocation ? [] : lesser) {
      const { attempt, remember } = attempts.begin({ returnTo, way })
      const url = await logto.authorizationUrl(attempt, request).catch((error) => {
        throw unavailable(error, {
          words: 'sign_in_unavailable',
          unusable: 'exchange_failed',
          action: signInAgain(config, attempt),
        })
      })
      if (url.length <= longestLocation) return { url, remember }
    }
    throw addressTooLong({ href: `${config.baseUrl}${path}`, label: 'sign_in' })
  }

  /** @throws AppError for a company or an issuer that is not known here, also where `direct_sign_in` would win */
  function companyOf(company: string, iss: string | undefined, options: RequestedOptions) {
    if (company !== '') return ways.forCompany(decoded(company))
    if (iss !== undefined) return ways.forIssuer(iss)
    const isEmailFirst = options.loginHint !== undefined && options.firstScreen === undefined
    return isEmailFirst ? ways.forEmail(options.loginHint ?? '') : undefined
  }
}

/**
 * Straight to one company's Okta. Logto is told to ask (`login`), for it may remember somebody else, and would not even
 * look at Okta; whether Okta asks is Okta's own affair, as Logto does not pass this on. Without `consent` Logto gives
 * no refresh token.
 */
function straightTo({ id }: EnterpriseConnector): RequestedOptions {
  return { directSignIn: { method: 'sso', target: id }, prompt: [Prompt.Login, Prompt.Consent] }
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

/** @throws AppError 400 for what cannot be decoded */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch (cause) {
    throw new AppError({ status: 400, code: 'bad_request', cause })
  }
}
