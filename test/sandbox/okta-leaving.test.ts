import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OktaUser } from '../../src/sandbox/index.ts'
import { freePorts } from '../support/free-ports.ts'
import { blankForTests, sender } from './management-support.ts'

const context = blankForTests()

interface Received {
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** The app, as far as Okta calls it. */
const received: Received[] = []
let answers: number[] = []
let givesChallengeBack = true
const listener = createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req) body += chunk
  received.push({ method: req.method ?? '', path: req.url ?? '', headers: req.headers, body })
  const verification = givesChallengeBack ? req.headers['x-okta-verification-challenge'] : 'another'
  res.writeHead(answers.shift() ?? 200).end(JSON.stringify({ verification }))
})
let address = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  address = `http://localhost:${(listener.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((resolve) => listener.close(resolve))
})
let people: OktaUser[]
let staff: Set<string> | undefined
const staffNow = () => context.sandbox.org.groups.find(({ profile }) => profile.name === 'Staff')
beforeEach(() => {
  staff = new Set(staffNow()?.memberIds)
  people = context.sandbox.org.users.map((person) => ({ ...person }))
})
afterEach(() => {
  const { org } = context.sandbox
  Object.assign(org, { eventHooks: [], apps: [], users: people })
  Object.assign(staffNow() ?? {}, { memberIds: staff })
  org.universalLogout.clear()
  received.length = 0
  answers = []
  givesChallengeBack = true
})

const LEAVING = [
  ...['user.lifecycle.deactivate', 'user.lifecycle.suspend', 'user.lifecycle.delete.initiated'],
  ...['user.session.clear', 'application.user_membership.remove'],
]

const hookBody = (changes: Record<string, unknown> = {}, config: Record<string, unknown> = {}) => ({
  name: 'People who leave',
  events: { type: 'EVENT_TYPE', items: LEAVING },
  channel: {
    type: 'HTTP',
    version: '1.0.0',
    config: {
      uri: `${address}/hook`,
      headers: [],
      method: 'POST',
      authScheme: { type: 'HEADER', key: 'authorization', value: 'the secret' },
      ...config,
    },
  },
  ...changes,
})

const employee = () => {
  const [person] = context.sandbox.org.users
  if (!person) throw new Error('the directory has an employee')
  return person
}

async function makeApp() {
  const oauthClient = { redirect_uris: ['https://app.test/callback'], grant_types: ['authorization_code'] }
  const { body } = await context.okta('POST', '/apps', {
    name: 'oidc_client',
    label: 'The app',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: {} },
    settings: { oauthClient: { ...oauthClient, response_types: ['code'] } },
  })
  await context.okta('PUT', `/apps/${body.id}/groups/${staffNow()?.id}`)
  return {
    id: body.id as string,
    clientId: body.credentials.oauthClient.client_id as string,
    staff: staffNow()?.id,
  }
}

/** A hook that is active and verified; the challenge is not among what was received. */
async function makeHook(changes?: Record<string, unknown>, config?: Record<string, unknown>) {
  const { body } = await context.okta('POST', '/eventHooks', hookBody(changes, config))
  await context.okta('POST', `/eventHooks/${body.id}/lifecycle/verify`)
  received.length = 0
  return body.id as string
}

describe('the event hooks of the Management API', () => {
  it('hook, made, is active and unverified, and never shows its secret', async () => {
    const made = await context.okta('POST', '/eventHooks', hookBody())
    expect(made.status).toBe(200)
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^who\w{17}$/),
      status: 'ACTIVE',
      verificationStatus: 'UNVERIFIED',
      events: { type: 'EVENT_TYPE', items: LEAVING },
      channel: { config: { uri: `${address}/hook`, authScheme: { type: 'HEADER', key: 'authorization' } } },
    })
    const path = `/eventHooks/${made.body.id}`
    const replaced = await context.okta('PUT', path, hookBody({ name: 'Renamed' }))
    const [listed] = (await context.okta('GET', '/eventHooks')).body
    expect([replaced.body.name, listed.name]).toEqual(['Renamed', 'Renamed'])
    const shown = [made.body, replaced.body, listed, (await context.okta('GET', path)).body]
    expect(JSON.stringify(shown)).not.toContain('the secret')
  })

  it('verification, with the challenge given back, verifies; another address is to be verified anew', async () => {
    const { body } = await context.okta('POST', '/eventHooks', hookBody())
    const path = `/eventHooks/${body.id}`
    givesChallengeBack = false
    const refused = await context.okta('POST', `${path}/lifecycle/verify`)
    expect([refused.status, refused.body.errorCode]).toEqual([400, 'E0000001'])
    expect((await context.okta('GET', path)).body.verificationStatus).toBe('UNVERIFIED')
    givesChallengeBack = true
    const verified = await context.okta('POST', `${path}/lifecycle/verify`)
    expect([verified.status, verified.body.verificationStatus]).toEqual([200, 'VERIFIED'])
    const same = await context.okta('PUT', path, hookBody({ name: 'Renamed' }))
    expect(same.body.verificationStatus).toBe('VERIFIED')
    const moved = await context.okta('PUT', path, hookBody({}, { uri: `${address}/elsewhere` }))
    expect(moved.body.verificationStatus).toBe('UNVERIFIED')
  })

  it('hook, deactivated, can be deleted and no sooner', async () => {
    const id = await makeHook()
    expect((await context.okta('DELETE', `/eventHooks/${id}`)).status).toBe(400)
    const off = await context.okta('POST', `/eventHooks/${id}/lifecycle/deactivate`)
    expect(off.body.status).toBe('INACTIVE')
    const on = await context.okta('POST', `/eventHooks/${id}/lifecycle/activate`)
    expect(on.body.status).toBe('ACTIVE')
    await context.okta('POST', `/eventHooks/${id}/lifecycle/deactivate`)
    expect((await context.okta('DELETE', `/eventHooks/${id}`)).status).toBe(204)
    const gone = await context.okta('GET', `/eventHooks/${id}`)
    expect([gone.status, gone.body.errorCode]).toEqual([404, 'E0000007'])
  })

  it.each([
    ['name', { name: ' ' }, {}],
    ['events.items', { events: { type: 'EVENT_TYPE', items: [] } }, {}],
    ['events.items.0', { events: { type: 'EVENT_TYPE', items: ['user.lifecycle.deactivated'] } }, {}],
    ['channel.config.uri', {}, { uri: 'http://app.example/hook' }],
    ['channel.config.authScheme.value', {}, { authScheme: { type: 'HEADER', key: 'authorization' } }],
  ])('%s, with a fault, is refused in Okta’s form, and nothing is made', async (field, changes, config) => {
    const { status, body } = await context.okta('POST', '/eventHooks', hookBody(changes, config))
    expect(status).toBe(400)
    expect(body).toMatchObject({
      errorCode: 'E0000001',
      errorSummary: `Api validation failed: ${field}`,
      errorCauses: [{ errorSummary: expect.stringContaining(`${field}: `) }],
    })
    expect(context.sandbox.org.eventHooks).toEqual([])
  })

  it('name, taken, is refused, and so is a hook beyond the 25 active ones', async () => {
    await makeHook()
    expect((await context.okta('POST', '/eventHooks', hookBody())).body.errorSummary).toContain('name')
    for (let n = 2; n <= 25; n += 1)
      await context.okta('POST', '/eventHooks', hookBody({ name: `Hook ${n}` }))
    expect((await context.okta('POST', '/eventHooks', hookBody({ name: 'Too many' }))).status).toBe(400)
  })

  it('token, of an administrator of apps alone, is refused', async () => {
    const { org, okta } = context.sandbox
    org.apiTokens.push({ value: '00apps', readOnly: false, appsOnly: true })
    const send = sender(`${okta.orgUrl}/api/v1`, 'SSWS 00apps')
    expect((await send('GET', '/eventHooks')).body.errorCode).toBe('E0000006')
    expect((await send('GET', '/apps')).status).toBe(200)
  })
})

describe('people who leave', () => {
  const ACTS: Array<[type: string, act: () => Promise<unknown>]> = [
    ['user.lifecycle.deactivate', () => context.okta('POST', `/users/${employee().id}/lifecycle/deactivate`)],
    ['user.lifecycle.suspend', () => context.okta('POST', `/users/${employee().id}/lifecycle/suspend`)],
    ['user.session.clear', () => context.okta('DELETE', `/users/${employee().id}/sessions`)],
  ]
  const delivered = () => expect.poll(() => context.sandbox.leaving.deliveries.at(-1))

  it.each(ACTS)('%s, done by the API, is delivered as Okta delivers it', async (type, act) => {
    const id = await makeHook({}, { headers: [{ key: 'x-own', value: 'kept' }] })
    const { okta } = context.sandbox
    const person = employee()
    const before = context.sandbox.leaving.deliveries.length
    await act()
    await expect.poll(() => context.sandbox.leaving.deliveries.length).toBe(before + 1)
    const [{ method, path, headers, body } = { body: '' } as Received] = received
    expect([method, path, received.length]).toEqual(['POST', '/hook', 1])
    expect(headers).toMatchObject({ authorization: 'the secret', 'x-own': 'kept' })
    expect(headers['content-type']).toBe('application/json')
    const event = JSON.parse(body)
    expect(event).toMatchObject({
      eventType: 'com.okta.event_hook',
      eventTypeVersion: '1.0',
      cloudEventsVersion: '0.1',
      contentType: 'application/json',
      source: `${okta.orgUrl}/api/v1/eventHooks/${id}`,
      data: {
        events: [
          {
            eventType: type,
            uuid: expect.any(String),
            published: expect.stringMatching(/Z$/),
            outcome: { result: 'SUCCESS' },
            target: [{ id: person.id, type: 'User', alternateId: person.profile.login }],
          },
        ],
      },
    })
  })

  it('deletion, after the deactivation, is told, and the person is gone', async () => {
    await makeHook({ events: { type: 'EVENT_TYPE', items: ['user.lifecycle.delete.initiated'] } })
    const { id } = employee()
    await context.okta('DELETE', `/users/${id}`)
    expect((await context.okta('GET', `/users/${id}`)).body.status).toBe('DEPROVISIONED')
    await context.okta('DELETE', `/users/${id}`)
    expect((await context.okta('GET', `/users/${id}`)).status).toBe(404)
    await delivered().toMatchObject({ what: 'user.lifecycle.delete.initiated', status: 200 })
    expect(received).toHaveLength(1)
  })

  it('app, taken away with the group, is told with the user and the app', async () => {
    const app = await makeApp()
    await makeHook()
    const { id } = employee()
    await context.okta('DELETE', `/groups/${app.staff}/users/${id}`)
    await expect.poll(() => received.length).toBe(1)
    const [{ eventType, target }] = JSON.parse(received[0]?.body ?? '').data.events
    expect(eventType).toBe('application.user_membership.remove')
    expect(target).toMatchObject([
      { type: 'AppUser' },
      { id: app.id, type: 'AppInstance' },
      { id, type: 'User' },
    ])
    // Nobody is told of an app that somebody has never had.
    await context.okta('DELETE', `/groups/${app.staff}/users/${id}`)
    expect(received).toHaveLength(1)
  })

  it('act, that no rule of Okta allows, is refused and told to nobody', async () => {
    await makeHook()
    const former = context.sandbox.org.users.find(({ status }) => status === 'DEPROVISIONED')
    const refused = await context.okta('POST', `/users/${former?.id}/lifecycle/suspend`)
    expect([refused.status, refused.body.errorCode]).toEqual([400, 'E0000001'])
    expect((await context.okta('POST', `/users/${employee().id}/lifecycle/activate`)).status).toBe(403)
    expect((await context.okta('POST', `/users/${employee().id}/lifecycle/unsuspend`)).status).toBe(400)
    expect((await context.okta('POST', '/users/nobody/lifecycle/deactivate')).status).toBe(404)
    expect(received).toEqual([])
  })

  it('hook, of other events, inactive or unverified, is told nothing', async () => {
    await makeHook({ name: 'Other', events: { type: 'EVENT_TYPE', items: ['user.session.start'] } })
    const off = await makeHook({ name: 'Off' })
    await context.okta('POST', `/eventHooks/${off}/lifecycle/deactivate`)
    await context.okta('POST', '/eventHooks', hookBody({ name: 'Unverified' }))
    expect(await context.sandbox.leaving.deactivate(employee())).toEqual([])
    expect(received).toEqual([])
  })

  it.each([
    ['503 and then 200', [503, 200], { tries: 2, status: 200 }],
    ['503 twice', [503, 503], { tries: 2, status: 503 }],
    ['a 4xx', [401], { tries: 1, status: 401 }],
  ])('answer of %s, is tried again once or not at all', async (_words, statuses, end) => {
    await makeHook()
    answers = statuses
    expect(await context.sandbox.leaving.suspend(employee())).toMatchObject([end])
    expect(received).toHaveLength(end.tries)
  })

  it('app, away, is tried twice, and the person has left all the same', async () => {
    const id = await makeHook()
    const hook = context.sandbox.org.eventHooks.find((each) => each.id === id)
    if (hook) hook.config.uri = `http://localhost:${(await freePorts(1))[0]}/hook`
    expect(await context.sandbox.leaving.deactivate(employee())).toMatchObject([
      { tries: 2, status: undefined, problem: 'ECONNREFUSED' },
    ])
    expect(employee().status).toBe('DEPROVISIONED')
  })

  it('person, told of late, has left at once, and the event says when', async () => {
    await makeHook()
    const before = Date.now()
    const told = context.sandbox.leaving.deactivate(employee(), { late: 300 })
    expect([employee().status, received.length]).toEqual(['DEPROVISIONED', 0])
    const [delivery] = await told
    const [{ published }] = JSON.parse(received[0]?.body ?? '').data.events
    expect(delivery?.at).toBeGreaterThanOrEqual(before + 290)
    expect(Date.parse(published)).toBeLessThan(before + 290)
  })
})

describe('Universal Logout', () => {
  it.each([
    ['iss_sub', false, 'sub_id'],
    ['email', false, 'sub_id'],
    ['iss_sub', true, 'subject'],
  ] as const)(
    'call, with the subject as %s (older: %s), is signed and formed as documented',
    async (subjectFormat, older, key) => {
      const app = await makeApp()
      const { org, okta, leaving } = context.sandbox
      org.universalLogout.set(app.id, { endpoint: `${address}/out?a=1`, subjectFormat, older })
      expect((await context.okta('GET', `/apps/${app.id}`)).body.universalLogout).toMatchObject({
        status: 'ENABLED',
      })
      answers = [204]
      const person = employee()
      expect(await leaving.clearSessions(person)).toMatchObject([{ way: 'Universal Logout', status: 204 }])
      const [{ path, headers, body } = { headers: {}, body: '' } as Received] = received
      expect([path, headers['content-type']]).toEqual(['/out?a=1', 'application/json'])
      const subject =
        subjectFormat === 'email'
          ? { format: 'email', email: person.profile.email }
          : { format: 'iss_sub', iss: okta.issuer, sub: person.id }
      expect(JSON.parse(body)).toEqual({ [key]: subject })
      const keys = createRemoteJWKSet(new URL(`${okta.issuer}/oauth2/v1/keys`))
      const token = String(headers.authorization).replace(/^Bearer /, '')
      const { payload } = await jwtVerify(token, keys, {
        typ: 'global-token-revocation+jwt',
        algorithms: ['RS256'],
        issuer: okta.issuer,
        audience: `${address}/out`,
        subject: app.clientId,
      })
      const { iat = 0, nbf, exp, jti } = payload
      expect([nbf, exp, typeof jti]).toEqual([iat - 300, iat + 300, 'string'])
    },
  )

  it('app, without the setting, is not called, and one is by whichever way is wanted', async () => {
    const app = await makeApp()
    const { org, leaving } = context.sandbox
    expect((await context.okta('GET', `/apps/${app.id}`)).body.universalLogout).toMatchObject({
      status: 'DISABLED',
    })
    expect(await leaving.clearSessions(employee())).toEqual([])
    org.universalLogout.set(app.id, { endpoint: `${address}/out`, subjectFormat: 'iss_sub' })
    await makeHook()
    const ways = async (telling: object) =>
      (await leaving.clearSessions(employee(), telling)).map(({ way }) => way)
    expect(await ways({})).toEqual(['event hook', 'Universal Logout'])
    expect(await ways({ eventHook: false })).toEqual(['Universal Logout'])
    expect(await ways({ universalLogout: false })).toEqual(['event hook'])
    expect(await ways({ eventHook: false, universalLogout: false })).toEqual([])
  })
})
