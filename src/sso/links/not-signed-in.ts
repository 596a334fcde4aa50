import type { Request } from 'express'
import type { AppConfig, Config } from '../../settings/config.ts'
import { AppError } from '../http/app-error.ts'
import { plainWay, returnUrl, signInAgain } from './beginning.ts'

/**
 * The refusal of whoever has to sign in first. Every 401 says by what one is let in (RFC 9110 §15.5.2): a token, where
 * one is taken, with no error code for who sent none (RFC 6750 §3.1), or else the session's cookie. Browsers pass over a
 * scheme that they do not know, and show the page.
 *
 * @param options.byToken whether an access token opens this route too
 */
export function notSignedIn({ baseUrl }: Pick<Config, 'baseUrl'>, { byToken = false } = {}): AppError {
  const href = `${baseUrl}/sign-in`
  return new AppError({
    status: 401,
    code: 'not_signed_in',
    action: { href, label: 'sign_in' },
    headers: { 'WWW-Authenticate': byToken ? 'Bearer' : cookieOf(href) },
  })
}

/** The refusal of whoever was signed in until now, and whom Logto lets go on no longer; it leads back to the same page. */
export function sessionEnded(config: AppConfig, req: Request): AppError {
  const returnTo = returnUrl(req.method === 'GET' ? req.originalUrl : undefined, config.baseUrl)
  const { href } = signInAgain(config, { returnTo, way: plainWay })
  return new AppError({
    status: 401,
    code: 'session_ended',
    action: { href, label: 'sign_in' },
    headers: { 'WWW-Authenticate': cookieOf(href) },
  })
}

const cookieOf = (form: string) => `Cookie form-action="${form}"`
