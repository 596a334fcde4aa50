import type { Request } from 'express'
import type { Invitation } from './invitations/invitation.ts'

/** What an administrator has done, or tried. */
export type Deed =
  | 'invitation_opened'
  | 'provider_chosen'
  | 'values_refused'
  | 'values_taken'
  | 'test_begun'
  | 'test_passed'
  | 'test_refused'
  | 'switched_on'

/**
 * Writes one audit line: what was done, with whose invitation, from which address, in which request. No value that
 * somebody has typed is in it.
 *
 * @param facts such as the names of fields, and a connector's ID
 */
export function audit(req: Request, { id, company }: Invitation, deed: Deed, facts: object = {}): void {
  req.sso?.log.info({ audit: deed, invitation: id, company, ...facts, address: req.ip }, 'audit')
}
