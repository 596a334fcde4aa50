import { Router } from 'express'
import type { AuthContext } from '../../sso/context.ts'
import { requireSignIn } from '../../sso/guards/require-sign-in.ts'
import { ownForms } from '../../sso/guards/same-origin-forms.ts'
import { allowMethods } from '../../sso/http/request/allow-methods.ts'
import { organizationClaims, organizations } from './organizations.ts'
import { profile } from './profile.ts'
import { ownSessions } from './sessions.ts'

/** The pages of a signed-in person, and the forms on them. */
export function personalPages(context: AuthContext): Router {
  const { config } = context
  const signedIn = requireSignIn(config)
  const form = [allowMethods('POST'), signedIn, ...ownForms(config)]
  const sessions = ownSessions(context)
  return Router()
    .all('/profile', allowMethods('GET', 'HEAD'), signedIn, profile(context, config.connectors))
    .post('/organizations', signedIn, ...ownForms(config), organizationClaims(context))
    .all('/organizations', allowMethods('GET', 'HEAD', 'POST'), signedIn, organizations(context))
    .all('/sessions', allowMethods('GET', 'HEAD'), signedIn, sessions.list)
    .all('/sessions/end', ...form, sessions.endOne)
    .all('/sessions/end-others', ...form, sessions.endOthers)
    .all('/sessions/end-everywhere', ...form, sessions.endEverywhere)
}
