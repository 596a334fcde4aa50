import { type Request, Router } from 'express'
import { READ_NOTES } from '../../settings/api-permissions.ts'
import type { AuthContext } from '../../sso/context.ts'
import { requireAccess } from '../../sso/guards/require-access.ts'
import { requireOrganization } from '../../sso/guards/require-organization.ts'
import { requireScope } from '../../sso/guards/require-scope.ts'
import { requireSignIn } from '../../sso/guards/require-sign-in.ts'
import { errorsAs } from '../../sso/http/answer/error-form.ts'
import { allowMethods } from '../../sso/http/request/allow-methods.ts'
import { me } from './me.ts'
import { notes } from './notes.ts'

/** What programs call: JSON, errors included. */
export function apiRoutes(context: AuthContext): Router {
  const organization = (req: Request) => req.params.organization
  return Router()
    .use(errorsAs('json'), allowMethods('GET', 'HEAD'))
    .all('/me', requireSignIn(context.config), me)
    .all('/notes', requireAccess(context), requireScope(READ_NOTES), notes)
    .all(
      '/organizations/:organization/notes',
      requireAccess(context, { organizationTokens: true }),
      requireOrganization(organization),
      requireScope(READ_NOTES),
      notes,
    )
}
