import type { Request, RequestHandler } from 'express'
import { AppError } from '../http/app-error.ts'
import { bearerRefusal } from './bearer-token.ts'
import { accessOf } from './require-access.ts'

/**
 * Lets only members of an organization through: a person by the ID token of their session, a program by the
 * organization that its access token was made for.
 *
 * @param id the organization's ID in Logto, or how to tell it from the request; left out, any will do
 * @returns middleware, for behind `requireAccess`; it raises a 403
 */
export function requireOrganization(id?: string | ((req: Request) => string)): RequestHandler {
  return (req, _res, next) => {
    const access = accessOf(req)
    const wanted = typeof id === 'function' ? id(req) : id
    const memberOf = access.by === 'session' ? access.organizations : [access.organizationId]
    const isMember = memberOf.some((each) => each !== undefined && (wanted === undefined || each === wanted))
    if (isMember) return next()
    if (access.by === 'session') throw new AppError({ status: 403, code: 'not_a_member' })
    throw bearerRefusal('insufficient_scope', { words: 'not_a_member' })
  }
}
