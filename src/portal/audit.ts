import type { Request } from 'express'
import { auditVersion, type PortalEvent } from '../audit/events.ts'
import type { Invitation } from './invitations/invitation.ts'

/** What an administrator has done, or tried; whose invitation it was is said beside it. */
type Deed<Event = PortalEvent> = Event extends PortalEvent ? Omit<Event, 'invitation' | 'company'> : never

/**
 * Writes one audit line: what was done, with whose invitation, from which address, in which request. No value that
 * somebody has typed is in it.
 */
export function audit(req: Request, { id, company }: Invitation, deed: Deed): void {
  req.sso?.log.info({ version: auditVersion, ...deed, invitation: id, company, address: req.ip }, 'audit')
}
