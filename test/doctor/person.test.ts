import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Status } from '../../src/doctor/check.ts'
import { textReport } from '../../src/doctor/text-report.ts'
import type { User } from '../../src/sandbox/logto/state/state.ts'
import { addUser } from '../../src/sandbox/logto/state/users.ts'
import type { OktaUser } from '../../src/sandbox/okta/state.ts'
import { EMAIL, House, resultOf } from './house.ts'

let house: House
/** Everything that a test sets wrong. */
const state = () => {
  const { org, tenant } = house.sandbox
  const { users, groups, assignments, apiTokens, apps } = org
  return structuredClone({
    org: { users, groups, assignments, apiTokens, apps },
    tenant: { users: tenant.users, signInExperience: tenant.signInExperience },
  })
}
let before: ReturnType<typeof state>
let settings: House['settings']
beforeAll(async () => {
  house = await House.open()
  Object.assign(house.settings, house.company)
  house.startApp()
  await house.sandbox.appIsThere()
  before = state()
  settings = { ...house.settings }
})
beforeEach(() => {
  house.sent.length = 0
})
afterEach(() => {
  const { org, tenant } = structuredClone(before)
  Object.assign(house.sandbox.org, org)
  Object.assign(house.sandbox.tenant, tenant)
  Object.assign(house.settings, settings)
})
afterAll(() => house.close())

const IDS = ['person-company', 'person-at-okta', 'person-assignment', 'person-account', 'person-identity']
const examine = (
  email: string | undefined = EMAIL,
  more: Record<string, string | undefined> = { ...house.management, ...house.oktaToken },
) => house.examine({ email, more })

const employee = (): OktaUser => {
  const person = house.sandbox.org.users.find(({ profile }) => profile.login === EMAIL)
  if (!person) throw new Error('the sandbox has an employee')
  return person
}
/** An account at Logto; with an identity of the company's, where an ID at its Okta is given. */
const account = (given: Partial<User>, identityId?: string, email = EMAIL) => {
  const issuer = house.sandbox.okta.issuer
  const identity = {
    ...{ id: `identity-${identityId}`, ssoConnectorId: house.connector.id, issuer },
    ...{ identityId: identityId ?? '', detail: { email }, createdAt: 1, updatedAt: 1 },
  }
  return addUser(house.sandbox.tenant, { ssoIdentities: identityId ? [identity] : [], ...given })
}

describe('the way of one person', () => {
  it('doctor, of somebody for whom all is well, says so of each link and changes nothing', async () => {
    account({ primaryEmail: EMAIL }, employee().id)
    const before = state()
    const results = await examine()
    const found = IDS.map((id) => resultOf(results, id))
    expect(found.map(({ status }) => status)).toEqual(IDS.map(() => 'ok'))
    expect(state()).toEqual(before)
    const shown = textReport(results, { colours: false })
    expect([...house.secrets].filter((secret) => shown.includes(secret))).toEqual([])
  })

  it('doctor, of somebody who has never signed in, is well', async () => {
    const results = await examine(EMAIL.toUpperCase())
    expect(IDS.map((id) => resultOf(results, id).status)).toEqual(IDS.map(() => 'ok'))
  })

  it('doctor, without an address, looks at nobody', async () => {
    const results = await house.examine({ more: { ...house.management, ...house.oktaToken } })
    expect(results.filter(({ id }) => IDS.includes(id))).toEqual([])
  })

  it('doctor, without credentials, says what it could not look at', async () => {
    const results = await examine(EMAIL, {})
    expect(resultOf(results, 'person-company').status).toBe('ok')
    for (const id of ['person-at-okta', 'person-assignment']) {
      const because = expect.stringMatching(/OKTA_API_TOKEN.*Okta Admin Console/)
      expect(resultOf(results, id)).toMatchObject({ status: 'skipped', because })
    }
    const because = expect.stringMatching(/Management API/)
    for (const id of ['person-account', 'person-identity'])
      expect(resultOf(results, id)).toMatchObject({ status: 'skipped', because })
  })

  it('doctor, with a token that Okta refuses, cannot say', async () => {
    const results = await examine(EMAIL, { ...house.oktaToken, OKTA_API_TOKEN: '00nobodys' })
    const fix = expect.stringContaining('OKTA_API_TOKEN')
    for (const id of ['person-at-okta', 'person-assignment'])
      expect(resultOf(results, id)).toMatchObject({ status: 'unknown', fix })
  })

  it('doctor, with the token of another company, says whose it is', async () => {
    const [acme] = house.sandbox.connectors
    const beta = { id: 'beta', name: 'Beta', issuer: 'https://beta.test', domains: ['beta.example'] }
    house.settings.SSO_CONNECTORS = JSON.stringify([{ ...acme, slug: undefined }, beta])
    const because = expect.stringMatching(/“Okta Acme”.*“Beta”/)
    const result = resultOf(await examine('a@beta.example'), 'person-at-okta')
    expect(result).toMatchObject({ status: 'skipped', because })
  })
})

/** How it is made so, the status, and what the answer or the advice names. */
type Row = [told: Status, arrange: () => unknown, tells: () => string[]]

const userWith = (status: OktaUser['status'], told: Status, does: string): Record<string, Row> => ({
  [`at Okta ${status}`]: [
    told,
    () => Object.assign(employee(), { status }),
    () => [status, `${EMAIL}: ${does}`],
  ],
})
const OLD = 'old@acme.example'

/** What is wrong with somebody, by the check that tells. */
const wrong: Record<string, Record<string, Row>> = {
  'person-company': {
    'of a domain that SSO_CONNECTORS lacks': [
      'warning',
      () => {
        const [acme] = house.sandbox.connectors
        const other = { ...acme, slug: undefined, domains: ['other.example'] }
        house.settings.SSO_CONNECTORS = JSON.stringify([other])
      },
      () => ['add acme.example', 'other.example'],
    ],
  },
  'person-at-okta': {
    'whom Okta does not know': [
      'broken',
      () => Object.assign(house.sandbox.org, { users: [] }),
      () => ['Add person'],
    ],
    ...userWith('STAGED', 'broken', 'Activate'),
    ...userWith('PROVISIONED', 'broken', 'Resend activation email'),
    ...userWith('RECOVERY', 'warning', 'Reset password'),
    ...userWith('PASSWORD_EXPIRED', 'warning', 'Reset password'),
    ...userWith('LOCKED_OUT', 'broken', 'Unlock account'),
    ...userWith('SUSPENDED', 'broken', 'Unsuspend'),
    ...userWith('DEPROVISIONED', 'broken', 'Activate'),
    'at Okta of a status that is new': [
      'unknown',
      () => Object.assign(employee(), { status: 'ON_LEAVE' }),
      () => ['ON_LEAVE'],
    ],
    'whose login it is, with another email': [
      'warning',
      () => Object.assign(employee().profile, { email: 'married@acme.example' }),
      () => ['married@acme.example'],
    ],
  },
  'person-assignment': {
    'who is not assigned to the app': [
      'broken',
      () => {
        for (const { users, groups } of house.sandbox.org.assignments.values()) {
          users.clear()
          groups.clear()
        }
      },
      () => [house.oktaApp.label, 'Assignments', EMAIL],
    ],
  },
  'person-account': {
    'whose account is suspended': [
      'broken',
      () => account({ id: 'theirs', primaryEmail: EMAIL, isSuspended: true }),
      () => ['theirs', 'Reactivate'],
    ],
    'who is new where nobody may come new': [
      'broken',
      () => Object.assign(house.sandbox.tenant.signInExperience, { signInMode: 'SignIn' }),
      () => ['signInMode is SignIn', 'Add user'],
    ],
  },
  'person-identity': {
    'whose identity another account has': [
      'broken',
      () => {
        account({ id: 'theirs', primaryEmail: EMAIL })
        account({ id: 'another', primaryEmail: OLD }, employee().id, OLD)
      },
      () => ['another', 'theirs'],
    ],
    'whose account has their earlier email': [
      'warning',
      () => account({ id: 'earlier', primaryEmail: OLD }, employee().id),
      () => ['earlier', OLD],
    ],
    'whose account has their earlier email and is suspended': [
      'broken',
      () => account({ id: 'earlier', primaryEmail: OLD, isSuspended: true }, employee().id),
      () => ['earlier', 'Reactivate'],
    ],
    'whose account has the identity of another user of that Okta': [
      'warning',
      () => account({ id: 'theirs', primaryEmail: EMAIL }, '00uSomebodyElse'),
      () => ['00uSomebodyElse', employee().id],
    ],
  },
}
const rows = Object.entries(wrong).flatMap(([check, each]) =>
  Object.entries(each).map(([what, row]) => [what, check, ...row] as const),
)

describe('somebody', () => {
  it.each(rows)('somebody, %s, is told by %s', async (_what, check, status, arrange, tells) => {
    arrange()
    const results = await examine()
    const result = resultOf(results, check)
    for (const part of [result.tried, result.answer, result.meaning, result.fix]) expect(part).toBeTruthy()
    for (const text of tells()) expect(JSON.stringify(result)).toContain(text)
    const others = results.filter(
      ({ id, status }) => IDS.includes(id) && status !== 'ok' && status !== 'skipped',
    )
    expect(others.map((each) => [each.id, each.status])).toEqual([[check, status]])
  })

  it('somebody, assigned by name, by a group or with everybody, may use the app', async () => {
    const { assignments, groups } = house.sandbox.org
    const expectAssigned = async (how: RegExp) =>
      expect(resultOf(await examine(), 'person-assignment')).toMatchObject({
        status: 'ok',
        answer: expect.stringMatching(how),
      })
    const [assigned] = assignments.values()
    const [group] = groups
    if (!assigned || !group) throw new Error('the sandbox assigns a group')
    assigned.groups.clear()
    assigned.users.add(employee().id)
    await expectAssigned(/by name$/)
    assigned.users.clear()
    group.memberIds.add(employee().id)
    assigned.groups.add(group.id)
    await expectAssigned(/by a group$/)
    assigned.groups.clear()
    Object.assign(house.oktaApp.settings, { implicitAssignment: true })
    await expectAssigned(/everybody/)
  })

  it('somebody, whose account is known by identity alone, is not new where nobody may come new', async () => {
    account({ id: 'earlier', primaryEmail: OLD }, employee().id)
    Object.assign(house.sandbox.tenant.signInExperience, { signInMode: 'SignIn' })
    expect(resultOf(await examine(), 'person-account')).toMatchObject({ status: 'ok', answer: /earlier/ })
  })

  it('somebody, where Okta’s API is not read, is known by the email that the company gave', async () => {
    account({ id: 'earlier', primaryEmail: OLD }, employee().id)
    const result = resultOf(await examine(EMAIL, house.management), 'person-identity')
    expect(result).toMatchObject({ status: 'warning', answer: expect.stringContaining('earlier') })
  })
})
