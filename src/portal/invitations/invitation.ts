import { z } from 'zod'
import { editRecords, type Place, readRecords } from '../../companies/index.ts'
import { providers } from '../../provision/providers/index.ts'
import type { ProviderName } from '../../provision/providers/provider.ts'
import { AppError } from '../../sso/index.ts'

const moment = z.number()

/** How a test sign-in ended: well, or why it does not count. */
export const outcomes = ['passed', 'another_way', 'no_email', 'foreign_email', 'foreign_account'] as const
export type Outcome = (typeof outcomes)[number]

/** What a test sign-in has shown: who came back. */
const test = z.object({
  outcome: z.enum(outcomes),
  /** As the provider says it. */
  email: z.string().exactOptional(),
  /** Of the account at Logto, where that is another. */
  account: z.string().exactOptional(),
  at: moment,
})

const provider = z.custom<ProviderName>((name) => typeof name === 'string' && Object.hasOwn(providers, name))

const schema = z.object({
  company: z.string(),
  domains: z.array(z.string()),
  createdAt: moment,
  expiresAt: moment,
  revokedAt: moment.exactOptional(),
  /** Another one after each change: a form that knows an older one is refused. */
  version: z.number().int(),
  provider: provider.exactOptional(),
  /** Of the connector at Logto, which has no domains until it is switched on. */
  connectorId: z.string().exactOptional(),
  /** When the values that the connector has were found good. */
  connectedAt: moment.exactOptional(),
  /** Names the test sign-in that is under way; good once. */
  testing: z.string().exactOptional(),
  test: test.exactOptional(),
  /** Accounts at Logto of those whose test has passed: they have come before there was an organization to join. */
  testers: z.array(z.string()).exactOptional(),
  switchedOnAt: moment.exactOptional(),
})

/** An invitation and how far its administrator has come. No secret is ever in it. */
export type Invitation = z.output<typeof schema> & { readonly id: string }

/** For how long an invitation is still listed when its time is over, in milliseconds. */
const kept = 30 * 24 * 3_600_000

const readInvitation = (id: string, record: unknown): Invitation | undefined => {
  const { data } = schema.safeParse(record)
  return data && { ...data, id }
}

export async function invitations(place: Place): Promise<Invitation[]> {
  const { records } = await readRecords(place, 'invitation')
  return [...records].flatMap(([id, record]) => readInvitation(id, record) ?? [])
}

export const findInvitation = async (place: Place, id: string): Promise<Invitation | undefined> =>
  (await invitations(place)).find((invitation) => invitation.id === id)

/** Writes a new invitation down. */
export const keepInvitation = (place: Place, invitation: Invitation): Promise<Invitation> =>
  editRecords(place, 'invitation', (draft) => {
    const { id, ...record } = invitation
    draft.put(id, record, record.expiresAt + kept)
    return invitation
  })

/**
 * Takes an invitation a step further, unless somebody else has done so meanwhile.
 *
 * @param seen the invitation as whoever decided has seen it
 * @param change what is another from now on; undefined takes a value away
 * @returns the invitation as it is then
 * @throws AppError 409 where it is another than the one that was seen; whatever the place throws
 */
export function advance(
  place: Place,
  seen: Pick<Invitation, 'id' | 'version'>,
  change: { [Name in keyof Invitation]?: Invitation[Name] | undefined },
): Promise<Invitation> {
  return editRecords(place, 'invitation', (draft) => {
    const now = readInvitation(seen.id, draft.get(seen.id))
    if (!now || now.revokedAt || now.version !== seen.version) throw changedMeanwhile()
    // As JSON has it: what is undefined is not there.
    const next: Invitation = JSON.parse(JSON.stringify({ ...now, ...change, version: now.version + 1 }))
    const { id, ...record } = next
    draft.put(id, record, record.expiresAt + kept)
    return next
  })
}

/** Somebody else has gone on, or the form is old. */
export const changedMeanwhile = () => new AppError({ status: 409, code: 'setup_changed_meanwhile' })

/** How far it has come, in one word. */
export type Stage = 'choose' | 'connect' | 'test' | 'switch_on' | 'on'

export function stageOf({ connectorId, connectedAt, test, switchedOnAt }: Invitation): Stage {
  if (switchedOnAt) return 'on'
  if (!connectorId) return 'choose'
  if (!connectedAt) return 'connect'
  return test?.outcome === 'passed' ? 'switch_on' : 'test'
}
