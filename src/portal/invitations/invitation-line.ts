import { type Invitation, stageOf } from './invitation.ts'

const stages = {
  choose: 'not begun',
  connect: 'provider chosen',
  test: 'connected, not tried yet',
  switch_on: 'tried, not switched on yet',
  on: 'switched on',
} as const

/** An invitation in one line: its ID, for whom it is, how far it has come, and until when it is good. */
export function invitationLine(invitation: Invitation): string {
  const { id, company, domains, provider, expiresAt, revokedAt } = invitation
  const until = new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')
  const state = revokedAt ? 'revoked' : stages[stageOf(invitation)]
  const time = expiresAt < Date.now() ? `ran out ${until} UTC` : `good until ${until} UTC`
  return [id, company, domains.join(','), provider ?? 'no provider', state, time].join('  ')
}
