import type { Request, RequestHandler } from 'express'
import { AppError } from '../http/app-error.ts'
import { bearerRefusal } from './bearer-token.ts'
import { guardBy } from './guard-by.ts'
import { accessOf } from './require-access.ts'

/**
 * Lets only members of an organization through: a person by the ID token of their session, a program by the
 * organization that its access token was made for.
 *
 * @param asked the organization's ID in Logto, or how to tell it from the request, at once or in a promise: whatever
 *   that finds, only an ID of theirs lets somebody through. Without any argument, any organization will do.
 * @returns middleware, for behind `requireSignIn` or `requireAccess`; it raises a 403
 * @throws TypeError where the argument is there and empty, as a setting that is not set
 */
export function requireOrganization(
  ...asked: [] | [id: string | ((req: Request) => unknown)]
): RequestHandler {
  const [id] = asked
  if (asked.length > 0 && typeof id !== 'function' && (typeof id !== 'string' || id === '')) {
    throw new TypeError(
      'requireOrganization was given no organization: give it an ID, or a function that finds one in the request. ' +
        'Where any organization will do, leave the argument out.',
    )
  }
  return guardBy(async (req) => {
    const access = accessOf(req)
    const memberOf = (access.by === 'session' ? access.organizations : [access.organizationId]).filter(isId)
    const wanted = typeof id === 'function' ? await id(req) : id
    // Nothing found is nobody's organization, and must not read as none in particular.
    const isMember = asked.length === 0 ? memberOf.length > 0 : memberOf.some((each) => each === wanted)
    if (isMember) return
    if (access.by === 'session') throw new AppError({ status: 403, code: 'not_a_member' })
    throw bearerRefusal('insufficient_scope', { words: 'not_a_member' })
  })
}

const isId = (value: unknown): value is string => typeof value === 'string' && value !== ''
