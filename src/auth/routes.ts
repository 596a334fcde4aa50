import { type RequestHandler, Router } from 'express'
import { allowMethods } from '../http/allow-methods.ts'
import { refusePrefetch } from '../http/refuse-prefetch.ts'
import { callback } from './callback.ts'
import type { AuthContext } from './context.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'

/** The routes that begin an attempt. They need no session and are mounted before there is one. */
export function signInRoutes(context: AuthContext): Router {
  return Router()
    .all('/sign-in', allowMethods('GET'), refusePrefetch, signIn(context))
    .all('/sign-up', allowMethods('GET'), refusePrefetch, signIn(context, { firstScreen: 'register' }))
}

/**
 * The routes that begin and end a session.
 *
 * @param confirmSignOut what to show when another site sent the browser to `/sign-out`
 */
export function sessionRoutes(context: AuthContext, confirmSignOut: RequestHandler): Router {
  return Router()
    .all('/callback', allowMethods('GET'), refusePrefetch, callback(context))
    .all('/sign-out', allowMethods('GET', 'POST'), refusePrefetch, signOut(context, confirmSignOut))
}
