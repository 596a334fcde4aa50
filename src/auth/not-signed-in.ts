import type { Config } from '../config.ts'
import { AppError } from '../http/app-error.ts'

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
    headers: { 'WWW-Authenticate': byToken ? 'Bearer' : `Cookie form-action="${href}"` },
  })
}
