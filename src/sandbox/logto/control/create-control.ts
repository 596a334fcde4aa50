import { callApp } from '../../shared/call-app.ts'
import type { Issuer } from '../oidc/issuer.ts'
import { asLogtoNames, makeLogoutToken } from '../oidc/logout-token.ts'
import { signingKeyOf } from '../oidc/signing-keys.ts'
import { deleteUser, type PeopleParts, setSuspended } from '../state/people.ts'
import { endSession, sessionsOf } from '../state/sessions.ts'
import type { Application, User } from '../state/state.ts'
import { clearFaults } from './behaviour.ts'
import { logtoNow } from './clock.ts'
import type { SandboxControl } from './control.ts'
import { keep } from './event-log.ts'
import type { Outage } from './outage.ts'
import { TENANT_SWITCHES } from './tenant-switches.ts'

interface ControlParts extends PeopleParts {
  endpoint: string
  issuer: Issuer
  outage: Outage
}

/** The handle on a Logto; see `SandboxControl` for what each of its methods does. */
export function createControl(parts: ControlParts): SandboxControl {
  const { endpoint, tenant, storage, behaviour, eventLog, issuer, outage } = parts

  const signingKey = () => signingKeyOf(issuer.keys)
  const logoutToken: SandboxControl['logoutToken'] = async (target, { forged, appId } = {}) => {
    const { application } = withLogoutUri(tenant.applications, appId)
    return makeLogoutToken({
      issuer: `${endpoint}/oidc`,
      appId: application.id,
      key: signingKey(),
      now: Math.floor(logtoNow(behaviour) / 1000),
      target: asLogtoNames(target, application, sessionsOf(storage)),
      forged,
    })
  }
  const sendLogoutToken: SandboxControl['sendLogoutToken'] = async (token, appId) => {
    const { url } = withLogoutUri(tenant.applications, appId)
    const at = Date.now()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams({ logout_token: token }).toString()
    const ended = eventLog.callLog.sent('logto', url, [['logout_token', '…']])
    const end = await callApp(url, { method: 'POST', headers, body }, { ended })
    const delivery = { at, url, ...end }
    keep(eventLog.logoutDeliveries, delivery)
    return delivery
  }

  return {
    slowTokens(milliseconds) {
      behaviour.tokenDelay = checked(milliseconds, milliseconds >= 0, 'milliseconds, 0 or more')
    },
    failTokens(answer) {
      const known = answer === 'reset' || (Number.isInteger(answer) && answer >= 400 && answer <= 599)
      behaviour.tokenFailure = checked(answer, known, 'a status of an error, or reset')
    },
    refuseRefresh() {
      behaviour.refusesRefresh = true
    },
    outage(kind = 'unavailable') {
      behaviour.outage = kind
    },
    moveClock(seconds) {
      behaviour.clockAhead = checked(seconds, Number.isInteger(seconds), 'whole seconds')
    },
    clearFaults() {
      clearFaults(behaviour)
      outage.release()
    },
    async rotateKeys({ kind = 'EC', dropOld = false } = {}) {
      await issuer.rotateKeys(kind, dropOld)
      return signingKey().kid
    },
    shortenTokens(seconds) {
      behaviour.accessTokenTtl = checked(seconds, Number.isInteger(seconds) && seconds > 0, 'whole seconds')
    },
    rotateRefreshTokens(always) {
      behaviour.alwaysRotates = always
    },
    switchTenant: (name, on) => TENANT_SWITCHES[name].set(tenant, on),
    sessions: () => sessionsOf(storage),
    endSession(uid, revokeGrantsTarget) {
      const session = sessionsOf(storage).find((candidate) => candidate.uid === uid)
      if (!session) throw new Error(`Logto has no session “${uid}”.`)
      endSession(parts, session, revokeGrantsTarget)
    },
    suspend: async (person) => setSuspended(parts, userBy(tenant.users, person), true),
    unsuspend: async (person) => setSuspended(parts, userBy(tenant.users, person), false),
    delete: async (person) => deleteUser(parts, userBy(tenant.users, person)),
    logoutToken,
    sendLogoutToken,
    async backchannelLogout(target, { replay = false, ...options } = {}) {
      const token = await logoutToken(target, options)
      if (replay) await sendLogoutToken(token, options.appId)
      return sendLogoutToken(token, options.appId)
    },
    tokenRequests: eventLog.tokenRequests,
    connectorFaults: eventLog.connectorFaults,
    webhookDeliveries: eventLog.webhookDeliveries,
    logoutDeliveries: eventLog.logoutDeliveries,
  }
}

/** @throws RangeError for a value that nothing could be done with */
function checked<T>(value: T, isGood: boolean, wanted: string): T {
  if (!isGood) throw new RangeError(`${value} is not ${wanted}`)
  return value
}

/** @throws when there is no such person, or nobody has signed in as them yet */
function userBy(users: readonly User[], person: string): User {
  const found = users.find(({ id, primaryEmail, username }) => [id, primaryEmail, username].includes(person))
  if (!found) throw new Error(`Logto has no user “${person}”: people are there once they have signed in.`)
  return found
}

/** @throws when the application, or every one of them, has no back-channel logout address */
function withLogoutUri(
  applications: readonly Application[],
  appId?: string,
): { application: Application; url: string } {
  for (const application of applications) {
    const { backchannelLogoutUri: url } = application.oidcClientMetadata
    if (url && (appId === undefined || appId === application.id)) return { application, url }
  }
  throw new Error('No such application has a back-channel logout address: run provision.')
}
