import { type Request, Router } from 'express'
import type { AuthContext } from '../auth/context.ts'
import { requireAccess } from '../auth/require-access.ts'
import { requireOrganization } from '../auth/require-organization.ts'
import { requireScope } from '../auth/require-scope.ts'
import { requireSignIn } from '../auth/require-sign-in.ts'
import { allowMethods } from '../http/allow-methods.ts'
import { errorsAs } from '../http/error-form.ts'
import { READ_NOTES } from '../settings/api-permissions.ts'
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
