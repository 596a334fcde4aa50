import { parse } from 'cookie'
import type { Request, RequestHandler, Response } from 'express'
import { AppError } from '../../sso/index.ts'
import { audit } from '../audit.ts'
import type { PortalParts } from '../parts.ts'
import { findInvitation, type Invitation } from './invitation.ts'
import type { Invited } from './seal.ts'

type Parts = Pick<PortalParts, 'config' | 'place' | 'seal'>

/** What the cookie of an invitation is called, but for its ID: a browser may have several. */
const cookiePrefix = 'portal_invitation_'

/** Where an administrator works on an invitation, below the portal's address. */
export const setupPath = (id: string) => `/setup/${id}`

/**
 * `GET /invitation?key=…`: the link that an administrator was sent. What it says goes into a cookie, and the address from
 * then on holds nothing that opens anything. It may be opened again and again.
 */
export function openInvitation({ config, place, seal }: Parts): RequestHandler {
  return async (req, res) => {
    const key = typeof req.query.key === 'string' ? req.query.key : ''
    const { id, expiresAt } = required(await seal.open(key))
    const invitation = await here(place, id)
    res.cookie(cookiePrefix + id, key, {
      ...{ httpOnly: true, sameSite: 'lax', path: '/', secure: config.baseUrl.startsWith('https:') },
      expires: new Date(expiresAt),
    })
    audit(req, invitation, { audit: 'invitation_opened' })
    res.redirect(303, config.baseUrl + setupPath(id))
  }
}

/** Lets through who has opened the invitation that the address names; it is in `res.locals.invitation` then. */
export function admit({ place, seal }: Parts): RequestHandler<{ id: string }> {
  return async (req, res, next) => {
    const { id } = req.params
    const invited = required(await seal.open(cookiesOf(req)[cookiePrefix + id] ?? ''))
    if (invited.id !== id) throw needed()
    res.locals.invitation = await here(place, id)
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

function required(invited: Invited | 'expired' | undefined): Invited {
  if (invited === 'expired') throw new AppError({ status: 410, code: 'invitation_expired' })
  if (!invited) throw needed()
  return invited
}

/** @throws AppError for one that was revoked, or that nobody knows any more */
async function here(place: Parts['place'], id: string): Promise<Invitation> {
  const invitation = await findInvitation(place, id)
  if (!invitation) throw needed()
  if (invitation.revokedAt) throw new AppError({ status: 410, code: 'invitation_revoked' })
  return invitation
}

const needed = () => new AppError({ status: 403, code: 'invitation_needed' })
