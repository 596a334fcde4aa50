import type { Request, RequestHandler } from 'express'
import type { AuthContext } from '../../sso/context.ts'
import { sessionEnded } from '../../sso/guards/not-signed-in.ts'
import { fieldOf } from '../../sso/guards/same-origin-forms.ts'
import { AppError } from '../../sso/http/app-error.ts'
import { audit } from '../../sso/http/audit-log.ts'
import type { Claims } from '../../sso/logto/ask-user-info.ts'
import { notGiven } from '../../sso/logto/logto-fault.ts'
import { signedInSession } from '../../sso/session/session-data.ts'
import { visitorOf } from '../../sso/session/visitor.ts'
import { organizationTokens } from '../../sso/tokens/organization-token.ts'
import { renewSession } from '../../sso/tokens/renew-session.ts'
import { userInfos } from '../../sso/tokens/user-info.ts'
import { type ClaimRow, claimRows } from './claim-rows.ts'
import { membershipsIn } from './organization-list.ts'

/** `GET /organizations`, behind `requireSignIn`: where the person is a member, and in which roles. */
export function organizations(context: AuthContext): RequestHandler {
  const userInfo = userInfos(context)
  return async (req, res) => {
    const { claims } = signedIn(req)
    const info = await userInfo(req)
    res.render('organizations', { memberships: membershipsIn(claims, info), answered: info !== undefined })
  }
}

/**
 * `POST /organizations`, behind `requireSignIn` and `ownForms`: the same, with the claims of the organization token
 * for the one that the form names. The token stays here.
 */
export function organizationClaims(context: AuthContext): RequestHandler {
  const { config } = context
  const ask = organizationTokens(context)
  const userInfo = userInfos(context)

  async function claimsOf(req: Request, id: string): Promise<ClaimRow[]> {
    const info = await userInfo(req)
    const { session, claims } = signedIn(req)
    // Whoever is no member is not told whether there is such an organization.
    if (!membershipsIn(claims, info).some((membership) => membership.id === id)) throw noSuchOrganization()
    const answer = await ask(session.id, id).catch((error) => {
      throw notGiven(error, 'organization_unavailable')
    })
    if (answer.kind === 'claims') return claimRows(answer.claims)
    if (answer.kind === 'not_a_member') {
      // This is newer than the ID token, by which the guards let members in.
      await renewSession(req, context, session.logto.accessToken)
      if (signedInSession(req)) throw noSuchOrganization()
      throw sessionEnded(config, req)
    }
    if (answer.kind === 'ended') {
      audit(req, { audit: 'ended', by: 'refresh_refused', sub: session.sub, session: session.id })
    }
    throw sessionEnded(config, req)
  }

  return async (req, res) => {
    const id = fieldOf(req, 'organization')
    const token = await claimsOf(req, id)
    const { claims } = signedIn(req)
    const info = await userInfo(req)
    res.render('organizations', {
      memberships: membershipsIn(claims, info),
      answered: info !== undefined,
      token: { id, rows: token },
      here: '/organizations',
    })
  }
}

const noSuchOrganization = () => new AppError({ status: 404, code: 'no_such_organization' })

function signedIn(req: Request) {
  const visitor = visitorOf(req)
  const session = signedInSession(req)
  if (!visitor.isAuthenticated || !session) throw new Error('this page is mounted without requireSignIn')
  return { session, claims: visitor.claims as unknown as Claims }
}
