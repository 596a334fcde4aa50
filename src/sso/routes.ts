import { type RequestHandler, Router } from 'express'
import { callback } from './callback/callback.ts'
import type { AuthContext } from './context.ts'
import { errorsAs } from './http/answer/error-form.ts'
import { allowMethods } from './http/request/allow-methods.ts'
import { browsersOnly } from './http/request/link-openers.ts'
import { refusePrefetch } from './http/request/refuse-prefetch.ts'
import { requestBody } from './http/request/request-body.ts'
import type { RateLimits } from './limits/rate-limits.ts'
import { initiateLoginByForm } from './sign-in/initiate-login.ts'
import { signIn } from './sign-in/sign-in.ts'
import { backchannelLogout } from './sign-out/backchannel-logout.ts'
import { logtoWebhook } from './sign-out/logto-webhook.ts'
import { signOut } from './sign-out/sign-out.ts'

/** Bytes a body may have: a token; a delivery with all that Logto knows of a person; three parameters of a login. */
const longest = { logoutToken: 16 * 1024, delivery: 256 * 1024, initiateLogin: 8 * 1024 }

const form = 'application/x-www-form-urlencoded'

/**
 * The routes that Logto itself calls. What it sends proves where it comes from: no cookie is read or set, and they are
 * mounted before there is a session.
 */
export function routesForLogto(context: AuthContext, limits: RateLimits): Router {
  return Router()
    .all(
      '/backchannel-logout',
      errorsAs('oauth'),
      allowMethods('POST'),
      requestBody(form, longest.logoutToken),
      backchannelLogout(context),
      limits.ofRefusals('backchannel-logout'),
    )
    .all(
      '/webhooks/logto',
      errorsAs('json'),
      allowMethods('POST'),
      requestBody('application/json', longest.delivery),
      logtoWebhook(context),
      limits.ofRefusals('webhooks'),
    )
}

/** The routes that begin an attempt. They need no session and are mounted before there is one. */
export function signInRoutes(context: AuthContext): Router {
  return Router()
    .all(['/sign-in', '/sign-in/:company', '/sign-up'], browsersOnly)
    .all('/sign-in', allowMethods('GET', 'POST'), refusePrefetch)
    .get('/sign-in', signIn(context))
    .post('/sign-in', requestBody(form, longest.initiateLogin), initiateLoginByForm(context))
    .all('/sign-in/:company', allowMethods('GET'), refusePrefetch, signIn(context))
    .all('/sign-up', allowMethods('GET'), refusePrefetch, signIn(context, { firstScreen: 'register' }))
}

/**
 * The routes that begin and end a session.
 *
 * @param confirmSignOut what to show when another site sent the browser to `/sign-out`
 */
export function sessionRoutes(
  context: AuthContext,
  limits: RateLimits,
  confirmSignOut: RequestHandler,
): Router {
  return Router()
    .all('/callback', allowMethods('GET'), refusePrefetch, callback(context), limits.ofRefusals('callback'))
    .all(
      '/sign-out',
      browsersOnly,
      allowMethods('GET', 'POST'),
      refusePrefetch,
      signOut(context, confirmSignOut),
    )
}
