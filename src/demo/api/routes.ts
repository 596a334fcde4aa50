import { type Request, Router } from 'express'
import { allowMethods, type SingleSignOn } from '../../sso/index.ts'
import { me } from './me.ts'
import { notes } from './notes.ts'
import { READ_NOTES } from './permissions.ts'

/** What programs call: JSON, errors included. */
export function apiRoutes(sso: SingleSignOn): Router {
  const organization = (req: Request) => req.params.organization
  return Router()
    .use(sso.jsonErrors, allowMethods('GET', 'HEAD'))
    .all('/me', sso.requireSignIn, me(sso))
    .all('/notes', sso.requireAccess(), sso.requireScope(READ_NOTES), notes(sso))
    .all(
      '/organizations/:organization/notes',
      sso.requireAccess({ organizationTokens: true }),
      sso.requireOrganization(organization),
      sso.requireScope(READ_NOTES),
      notes(sso),
    )
}
