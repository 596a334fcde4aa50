import { parse } from 'cookie'
import type { Request, RequestHandler, Response } from 'express'
import { AppError } from '../../sso/index.ts'
import { audit } from '../audit.ts'
import type { PortalParts } from '../parts.ts'
import { findInvitation, type Invitation } from './invitation.ts'

type Parts = Pick<PortalParts, 'config' | 'place' | 'seal'>

/** What the cookie of an invitation is called, but for its ID: a browser may have several. */
const cookiePrefix = 'portal_invitation_'

/** Where an administrator works on an invitation, below the portal's address. */
export const setupPath = (id: string) => `/setup/${id}`

/**
 * `GET /invitation?key=…`: the link that an administrator was sent. What it says goes into a cookie, and the address from
 * then on holds nothing that opens anything. It may be opened again and again.
 */
export function openInvitation(parts: Parts): RequestHandler {
  const { config } = parts
  return async (req, res) => {
    const key = typeof req.query.key === 'string' ? req.query.key : ''
    const invitation = await invitationIn(parts, req, key)
    const { id, expiresAt } = invitation
    res.cookie(cookiePrefix + id, key, {
      ...{ httpOnly: true, sameSite: 'lax', path: '/', secure: config.baseUrl.startsWith('https:') },
      expires: new Date(expiresAt),
    })
    audit(req, invitation, { audit: 'invitation_opened' })
    res.redirect(303, config.baseUrl + setupPath(id))
  }
}

/** Lets through who has opened the invitation that the address names; it is in `res.locals.invitation` then. */
export function admit(parts: Parts): RequestHandler<{ id: string }> {
  return async (req, res, next) => {
    const { id } = req.params
    res.locals.invitation = await invitationIn(parts, req, cookiesOf(req)[cookiePrefix + id] ?? '', id)
    next()
  }
}

/** The invitations that a browser has opened and that are good still. */
export async function openedHere({ place, seal }: Parts, req: Request): Promise<Invitation[]> {
  const found: Invitation[] = []
  for (const [name, value = ''] of Object.entries(cookiesOf(req))) {
    if (!name.startsWith(cookiePrefix)) continue
    const invited = await seal.open(value)
    const invitation = invited && invited !== 'expired' && (await findInvitation(place, invited.id))
    if (invitation && !invitation.revokedAt && name === cookiePrefix + invitation.id) found.push(invitation)
  }
  return found
}

export const invitationOf = (res: Response): Invitation => res.locals.invitation

const cookiesOf = (req: Request) => parse(req.headers.cookie ?? '')

/**
 * The invitation that a key opens.
 *
 * @param expected its ID, where the address has named one
 * @throws AppError for a key that opens none, or none any more. Whoever has another one here goes on to that; for anybody
 *   else there is no page here
 */
async function invitationIn(parts: Parts, req: Request, key: string, expected?: string): Promise<Invitation> {
  const invited = await parts.seal.open(key)
  const found = invited && invited !== 'expired' ? await findInvitation(parts.place, invited.id) : undefined
  const invitation = found?.id === (expected ?? found?.id) ? found : undefined
  if (invitation && !invitation.revokedAt) return invitation
  const wayOn = (await openedHere(parts, req)).length > 0 ? {} : { action: 'none' as const }
  if (invited === 'expired') throw new AppError({ status: 410, code: 'invitation_expired', ...wayOn })
  if (invitation) throw new AppError({ status: 410, code: 'invitation_revoked', ...wayOn })
  throw new AppError({ status: 403, code: 'invitation_needed', ...wayOn })
}
