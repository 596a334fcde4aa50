import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { readEmail } from '../../settings/values/email-domain.ts'
import type { Claims } from '../../sso/index.ts'
import { audit } from '../audit.ts'
import { invitationOf, setupPath } from '../invitations/admission.ts'
import { advance, changedMeanwhile, type Invitation, type Outcome } from '../invitations/invitation.ts'
import type { PortalParts } from '../parts.ts'

/**
 * A sign-in through the connector, by the portal's own application, before the connector has domains. The package does it,
 * as for any app; what comes of it is written down, and the session it has begun here ends at once.
 */
export function testSignIn({ config, place, logto, sso }: PortalParts): {
  begin: RequestHandler
  end: RequestHandler<{ testing: string }>
} {
  const back = (res: Response, { id }: Invitation) => res.redirect(303, config.baseUrl + setupPath(id))

  async function endSession(req: Request, res: Response): Promise<void> {
    if (!sso.accountOf(req)) return
    const here = (await sso.sessions.list(req)).find(({ isThis }) => isThis)
    if (here) await sso.sessions.end(req, res, here.reference)
  }

  /** `GET /setup/:id/test`. A link and no form: Chromium would hold the whole way through the provider to our `form-action`. */
  const begin: RequestHandler = async (req, res) => {
    const invitation = invitationOf(res)
    const { connectorId: connector, connectedAt, switchedOnAt } = invitation
    if (!connector || !connectedAt || switchedOnAt) throw changedMeanwhile()
    // Somebody who is there already would not have come through the connector.
    await endSession(req, res)
    const testing = randomUUID()
    await advance(place, invitation, { testing })
    audit(req, invitation, { audit: 'test_begun', connector })
    const query = new URLSearchParams({
      direct_sign_in: `sso:${connector}`,
      prompt: 'login consent',
      return_to: `${new URL(config.baseUrl).pathname.replace(/\/$/, '')}${setupPath(invitation.id)}/tested/${testing}`,
    })
    res.redirect(303, `${config.baseUrl}/sign-in?${query}`)
  }

  /** `GET /setup/:id/tested/:testing`: where that sign-in ends. The address is good once. */
  const end: RequestHandler<{ testing: string }> = async (req, res) => {
    const invitation = invitationOf(res)
    const claims = sso.personOf(req)
    const { connectorId: connector, testing } = invitation
    if (testing !== req.params.testing || !claims || !connector) return back(res, invitation)
    const test = { ...(await judged(invitation, claims)), at: Date.now() }
    await endSession(req, res)
    const { testers = [] } = invitation
    const passed = test.outcome === 'passed' ? { testers: [...new Set([...testers, claims.sub])] } : {}
    await advance(place, invitation, { test, testing: undefined, ...passed })
    const deed = test.outcome === 'passed' ? 'test_passed' : 'test_refused'
    audit(req, invitation, { audit: deed, connector, outcome: test.outcome, sub: claims.sub })
    back(res, invitation)
  }

  /** Who came back, and whether that is somebody of the company whom Logto has as such. */
  async function judged(
    { connectorId, domains }: Invitation,
    { sub, email: account }: Claims,
  ): Promise<{ outcome: Outcome; email?: string; account?: string }> {
    const isOwn = (address: string) => domains.includes(readEmail(address).domain)
    const identity = (await logto.identities(sub)).find(
      ({ ssoConnectorId }) => ssoConnectorId === connectorId,
    )
    if (!identity) return { outcome: 'another_way' }
    const { email } = identity.detail
    if (!email) return { outcome: 'no_email' }
    if (!isOwn(email)) return { outcome: 'foreign_email', email }
    // Logto gives an account its address when it makes it: one that was made while the address did not count has none.
    if (!account && !(await logto.setEmail(sub, email))) return { outcome: 'no_email', email }
    return isOwn(String(account || email))
      ? { outcome: 'passed', email }
      : { outcome: 'foreign_account', email }
  }

  return { begin, end }
}
