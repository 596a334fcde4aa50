import type { RequestHandler } from 'express'
import type { Config, SingleSignOn } from '../../sso/index.ts'
import { initialsOf, pictureUrl } from './avatar.ts'
import { claimRows } from './claim-rows.ts'
import { allow } from './content-policy.ts'
import { membershipsIn, namesIn } from './organization-list.ts'
import { signInWays } from './sign-in-ways.ts'

/**
 * `GET /profile`, behind `requireSignIn`: who is signed in, how, since when and until when, and everything Logto says
 * of them; no token. Without an answer from Logto it shows what the ID token says.
 *
 * @param config.connectors the companies' connectors whose names are known
 * @param config.sessions how long a session lasts that nobody uses
 */
export function profile(
  config: Pick<Config, 'connectors' | 'logto' | 'sessions'>,
  sso: SingleSignOn,
): RequestHandler {
  return async (req, res) => {
    const account = sso.accountOf(req)
    if (!account) throw new Error('the profile is mounted without requireSignIn')
    const info = await sso.userInfo(req)
    const company = sso.companyOf(req)
    const claims = { ...account.claims, ...info }
    const { sub, name, username, email, picture } = claims
    const called = [name, username, email, sub].find((each) => typeof each === 'string' && each) as string
    const avatar = config.logto && pictureUrl(picture, config.logto.endpoint)
    if (avatar) allow(res, 'img-src', avatar.origin)
    allow(res, 'script-src', "'self'")
    res.render('profile', {
      called,
      email,
      avatar: avatar?.href,
      initials: initialsOf(called),
      ways: info && signInWays(info, config.connectors, company),
      company,
      roles: namesIn(claims.roles),
      organizations: membershipsIn(claims, info),
      startedAt: account.since,
      endsAt: account.until,
      idleAt: unusedUntil(account.until, config.sessions.idle),
      answered: info !== undefined,
      rows: claimRows({ id_token: { ...account.claims }, ...(info && { userinfo: info }) }),
    })
  }
}

/** When the session ends if nobody uses it from now on; undefined where it is over before that anyway. */
function unusedUntil(until: Date, idle: number): Date | undefined {
  const at = new Date(Date.now() + idle)
  return at < until ? at : undefined
}
