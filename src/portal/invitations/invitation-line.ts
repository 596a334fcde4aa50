import { joined, type Phrase } from '../../words/phrase.ts'
import { phrase } from '../phrase.ts'
import { type Invitation, stageOf } from './invitation.ts'

const stages = {
  choose: phrase`not begun`,
  connect: phrase`provider chosen`,
  test: phrase`connected, not tried yet`,
  switch_on: phrase`tried, not switched on yet`,
  on: phrase`switched on`,
} as const

/** An invitation in one line: its ID, for whom it is, how far it has come, and until when it is valid. */
export function invitationLine(invitation: Invitation): Phrase {
  const { id, company, domains, provider, expiresAt, revokedAt } = invitation
  const until = new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')
  const state = revokedAt ? phrase`revoked` : stages[stageOf(invitation)]
  const time = expiresAt < Date.now() ? phrase`expired ${until} UTC` : phrase`valid until ${until} UTC`
  return joined([id, company, domains.join(','), provider ?? phrase`no provider`, state, time], '  ')
}
