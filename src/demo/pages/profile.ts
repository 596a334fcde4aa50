import type { RequestHandler } from 'express'
import type { AuthContext } from '../../sso/context.ts'
import { allowImagesFrom } from '../../sso/http/answer/security-headers.ts'
import { signedInSession } from '../../sso/session/session-data.ts'
import { visitorOf } from '../../sso/session/visitor.ts'
import { userInfos } from '../../sso/tokens/user-info.ts'
import { initialsOf, portraitOf } from './avatar.ts'
import { claimRows } from './claim-rows.ts'
import { membershipsIn, namesIn } from './organization-list.ts'
import { type KnownConnector, signInWays } from './sign-in-ways.ts'

/**
 * `GET /profile`, behind `requireSignIn`: who is signed in, how, since when and until when, and everything Logto says
 * of them; no token. Without an answer from Logto it shows what the ID token says.
 *
 * @param connectors the companies' connectors whose names are known
 */
export function profile(context: AuthContext, connectors: readonly KnownConnector[] = []): RequestHandler {
  const { config } = context
  const userInfo = userInfos(context)
  return async (req, res) => {
    const visitor = visitorOf(req)
    const session = signedInSession(req)
    if (!visitor.isAuthenticated || !session) throw new Error('the profile is mounted without requireSignIn')
    const info = await userInfo(req)
    const { startedAt, endsAt } = session
    const claims = { ...visitor.claims, ...info }
    const { sub, name, username, email, picture } = claims
    const called = [name, username, email, sub].find((each) => typeof each === 'string' && each) as string
    const portrait = portraitOf(picture, config.logto.endpoint)
    if (portrait) allowImagesFrom(res, portrait.origin)
    res.render('profile', {
      called,
      email,
      portrait: portrait?.href,
      initials: initialsOf(called),
      ways: info && signInWays(info, connectors),
      roles: namesIn(claims.roles),
      organizations: membershipsIn(claims, info),
      startedAt: new Date(startedAt),
      endsAt: new Date(endsAt),
      idToken: claimRows({ ...visitor.claims }),
      info: info && claimRows(info),
    })
  }
}
