/** The portal's door: what a process that serves it takes, and what makes invitations. */
export { invitationLine } from './invitations/invitation-line.ts'
export {
  type Invite,
  invite,
  inviteTo,
  listInvitations,
  logtoOf,
  revokeInvitation,
} from './invitations/invite.ts'
export type { PortalHooks, ReadyCompany } from './parts.ts'
export { createPortal, type Portal, type PortalOptions } from './portal.ts'
export { loadPortalConfig, type PortalConfig } from './portal-config.ts'
