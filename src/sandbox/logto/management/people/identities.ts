import { Router } from 'express'
import type { PeopleParts } from '../../state/people.ts'
import type { SsoIdentity, Tenant, User } from '../../state/state.ts'
import { findUser } from '../../state/users.ts'
import { notThere } from '../shared/api-error.ts'

/** Who a user is at the companies' identity providers: all identities, and the one of a connector. Logto deletes none alone. */
export function createIdentityRoutes({ tenant }: PeopleParts): Router {
  const router = Router()
  const find = (id: string): User => {
    const user = findUser(tenant, id)
    if (!user) throw notThere()
    return user
  }

  router.get('/users/:userId/all-identities', (req, res) => {
    const user = find(req.params.userId)
    const ssoIdentities = user.ssoIdentities.map((identity) => ({
      ssoIdentity: viewOf(tenant, user, identity),
      ssoConnectorId: identity.ssoConnectorId,
    }))
    res.json({ socialIdentities: [], ssoIdentities })
  })
  router.get('/users/:userId/sso-identities/:ssoConnectorId', (req, res) => {
    const user = find(req.params.userId)
    const identity = user.ssoIdentities.find((each) => each.ssoConnectorId === req.params.ssoConnectorId)
    if (!identity) throw notThere()
    res.json({ ssoIdentity: viewOf(tenant, user, identity) })
  })
  return router
}

const viewOf = ({ id: tenantId }: Tenant, { id: userId }: User, identity: SsoIdentity) => ({
  tenantId,
  userId,
  ...identity,
})
