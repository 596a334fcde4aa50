import { createHash } from 'node:crypto'
import { companySecret } from '../../settings/companies/company-secret.ts'
import { isLoopback } from '../../settings/values/own-address.ts'
import { addressesAt, paths } from '../../sso/addresses.ts'
import type { InEachLanguage } from '../../words/phrase.ts'
import { additions, type Change, replacement, SECRET, type Step, union } from '../plan.ts'
import { phrase } from '../problem.ts'
import { known, type Wired } from '../wired.ts'
import type { EventHook } from './answers.ts'
import type { OktaDesired } from './application.ts'
import type { OktaManagement, WrittenHook } from './management.ts'

/** What Okta tells of people who have to go, with the names of its console. */
export const LEAVING_EVENTS: Readonly<Record<string, string>> = {
  'user.lifecycle.deactivate': 'Deactivate Okta user',
  'user.lifecycle.suspend': 'Suspend Okta user',
  'user.lifecycle.delete.initiated': 'Delete Okta user (initiated)',
  'user.session.clear': 'Clear user session',
  'application.user_membership.remove': "Remove user's application membership",
}
export const leavingEvents = Object.keys(LEAVING_EVENTS)

/** The header field in which the secret is. */
const AUTH_FIELD = 'authorization'
/** Says which secret the hook has, since Okta never gives it back: so a change of the key is seen. */
const KEY_ID = 'x-key-id'

/** Enough of a digest to tell secrets apart, and nothing to find one from. */
const keyIdOf = (secret: string) => createHash('sha256').update(secret).digest('hex').slice(0, 16)

/**
 * The event hook by which Okta tells the app of people who leave, and the verification of its address. Ours is the one
 * with our address.
 *
 * @param left takes a sentence where the app cannot be reached yet
 * @returns one note where there cannot be a hook
 */
export async function planEventHook(
  okta: OktaManagement,
  desired: OktaDesired & { issuer: string },
  wired: Wired,
  left: InEachLanguage[],
): Promise<Step[]> {
  const { baseUrl, companyHookKey, issuer } = desired
  if (!isCallable(desired))
    return [without(phrase`There is none: Okta calls https addresses only, and BASE_URL is ${baseUrl}.`)]
  const hooks = await okta.eventHooks()
  if (!hooks) {
    wired.hookByHand = true
    return [
      without(
        phrase`There is none: the API token is not a super administrator’s. The end of this output says what to enter by hand.`,
      ),
    ]
  }
  const address = () => addressesAt(baseUrl).oktaWebhook(known(wired, 'connectorId'))
  const addressNow = wired.connectorId ? address() : `${baseUrl}${paths.oktaWebhook}/<the connector's ID>`
  const found = hooks.find(({ channel }) => channel.config.uri === addressNow)
  const secret = companySecret(companyHookKey, issuer)
  const plain = hookName(desired)
  // A name is one hook's alone, and that of a connector that is gone may have it still.
  const isTaken = hooks.some((other) => other.name === plain)
  const nameNow = () => (isTaken ? `${plain}, ${wired.connectorId ?? 'another'}` : plain)
  const merged = (uri: string) => merge(found, { uri, name: nameNow(), secret })
  const isActive = found?.status === 'ACTIVE'
  const differences = found ? differencesOf(found, secret) : []
  let id = found?.id
  const hook: Step = {
    resource: found
      ? phrase`Okta: event hook “${found.name}” (${found.id})`
      : phrase`Okta: event hook “${nameNow()}”`,
    action: !found ? 'create' : differences.length > 0 || !isActive ? 'change' : 'leave',
    changes: found
      ? [...differences, ...replacement(phrase`status`, found.status, 'ACTIVE')]
      : [
          ...replacement(phrase`endpoint`, undefined, addressNow),
          ...additions(phrase`events`, [], leavingEvents),
        ],
    notes: [],
    async apply() {
      if (!id) id = (await okta.createEventHook(merged(address()))).id
      else if (differences.length > 0) await okta.replaceEventHook(id, merged(address()))
      if (found && !isActive) await okta.activateEventHook(found.id)
    },
  }
  return [hook, planVerification(okta, found, () => id, address, left)]
}

/** Apps of one org, such as those for production and for tests, are told apart by their hosts. */
export const hookName = ({ appName, baseUrl }: Pick<OktaDesired, 'appName' | 'baseUrl'>): string =>
  `${appName}: people who leave (${new URL(baseUrl).host})`

function planVerification(
  okta: OktaManagement,
  found: EventHook | undefined,
  id: () => string | undefined,
  address: () => string,
  left: InEachLanguage[],
): Step {
  const status = found?.verificationStatus
  return {
    resource: phrase`Okta: verification of the event hook`,
    action: status === 'VERIFIED' ? 'leave' : 'change',
    changes: replacement(phrase`verified`, status, 'VERIFIED'),
    notes: [],
    async apply() {
      const problem = await okta.verifyEventHook(id() ?? '')
      if (problem === undefined) return
      left.push(
        phrase`Okta has not verified the event hook yet, and sends nothing until then: ${problem} Start the app where ${address()} reaches it, with these settings, and run provision again.`,
      )
    },
  }
}

/** What of a hook is not as it should be; the events of others stay. */
export function differencesOf({ events, channel }: EventHook, secret: string): Change[] {
  const { headers, authScheme } = channel.config
  const field = authScheme?.key ?? undefined
  const keyId = headers.find(({ key }) => key.toLowerCase() === KEY_ID)?.value
  return [
    ...additions(phrase`events`, events.items, leavingEvents),
    ...(field?.toLowerCase() === AUTH_FIELD
      ? []
      : replacement(phrase`authentication field`, field, AUTH_FIELD)),
    ...(keyId === keyIdOf(secret) ? [] : [{ field: phrase`authentication secret`, to: SECRET }]),
  ]
}

function merge(
  found: EventHook | undefined,
  { uri, name, secret }: { uri: string; name: string; secret: string },
): WrittenHook {
  const { channel } = found ?? {}
  const others = channel?.config.headers.filter(({ key }) => key.toLowerCase() !== KEY_ID) ?? []
  const config = {
    ...channel?.config,
    uri,
    method: 'POST',
    headers: [...others, { key: KEY_ID, value: keyIdOf(secret) }],
    authScheme: { type: 'HEADER', key: AUTH_FIELD, value: secret },
  }
  const items = union(found?.events.items ?? [], leavingEvents)
  return {
    name: found?.name ?? name,
    ...(found?.description !== undefined && { description: found.description }),
    events: { type: 'EVENT_TYPE', ...found?.events, items },
    channel: { type: 'HTTP', version: '1.0.0', ...channel, config },
  }
}

/** An org on this machine is the sandbox's, which calls addresses of this machine without TLS as well. */
const isCallable = ({ baseUrl, okta }: OktaDesired) =>
  new URL(baseUrl).protocol === 'https:' ||
  [baseUrl, okta.orgUrl].every((address) => isLoopback(new URL(address).hostname))

const without = (note: InEachLanguage): Step => ({
  resource: phrase`Okta: event hook`,
  action: 'leave',
  changes: [],
  notes: [note],
  async apply() {},
})
