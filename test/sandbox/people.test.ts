import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as oidc from 'openid-client'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Hook } from '../../src/sandbox/index.ts'
import { HOOK_EVENTS } from '../../src/sandbox/logto/hook-events.ts'
import { addUser } from '../../src/sandbox/logto/state/users.ts'
import { freePorts } from '../support/free-ports.ts'
import { UserAgent } from '../support/user-agent.ts'
import { managementOf } from './management-support.ts'
import {
  applicationOf,
  atSignIn,
  EMPLOYEE,
  having,
  sandboxForTests,
  signInWithOkta,
  signUp,
  userOf,
} from './support.ts'

const context = sandboxForTests()
const control = () => context.sandbox.control

interface Received {
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** Somebody who is told by a hook. */
const received: Received[] = []
let answerWith = 200
let answer = 'heard'
const listener = createServer(async (req, res) => {
  let body = ''
  for await (const chunk of req) body += chunk
  received.push({ headers: req.headers, body })
  res.writeHead(answerWith, { location: '/elsewhere' }).end(answer)
})
let listenerUrl = ''
let hook: Hook

beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  listenerUrl = `http://localhost:${(listener.address() as AddressInfo).port}/hook`
  const [provisioned] = context.sandbox.tenant.hooks
  if (!provisioned) throw new Error('the app is wired with a hook')
  hook = provisioned
  hook.config = { url: listenerUrl }
})
afterAll(async () => {
  await new Promise((resolve) => listener.close(resolve))
})
afterEach(() => {
  received.length = 0
  answerWith = 200
  answer = 'heard'
  Object.assign(hook, { enabled: true, event: null, events: EVENTS, config: { url: listenerUrl } })
  control().clearFaults()
})

const EVENTS: Hook['events'] = ['User.SuspensionStatus.Updated', 'User.Deleted']

const freeUrl = async () => `http://localhost:${(await freePorts(1))[0]}/hook`

const refresh = (token = '') => oidc.refreshTokenGrant(context.app.configuration, token)
const invalidGrant = expect.objectContaining({ error: 'invalid_grant', status: 400 })

/** Of the deliveries, the first and only one, its signature checked. */
function delivered() {
  expect(received).toHaveLength(1)
  const [{ headers, body } = { headers: {}, body: '' }] = received
  const signature = createHmac('sha256', hook.signingKey).update(body).digest('hex')
  expect(headers['logto-signature-sha-256']).toBe(signature)
  expect(headers['content-type']).toBe('application/json')
  return JSON.parse(body)
}

async function somebody() {
  const signedUp = await signUp(context)
  const sub = signedUp.tokens.claims()?.sub ?? ''
  return { ...signedUp, sub }
}

const management = () => managementOf(context.sandbox)

/** Somebody's sessions, as the control room has them. */
const sessionsAt = (sub: string) =>
  control()
    .sessions()
    .filter(({ userId }) => userId === sub)

const ENDS = [
  ['suspended by hand', (sub: string) => control().suspend(sub)],
  [
    'suspended by the Management API',
    async (sub: string) => (await management())('PATCH', `/users/${sub}/is-suspended`, { isSuspended: true }),
  ],
  ['deleted', (sub: string) => control().delete(sub)],
  ['deleted by the Management API', async (sub: string) => (await management())('DELETE', `/users/${sub}`)],
] as const

describe('people who leave', () => {
  it.each(ENDS)(
    'person, %s, has no session and no grant left, and no back-channel logout is sent',
    async (how, end) => {
      const { browser, tokens, sub } = await somebody()
      const logouts = context.app.deliveries.length
      const userinfo = () => oidc.fetchUserInfo(context.app.configuration, tokens.access_token, sub)
      await expect(userinfo()).resolves.toMatchObject({ sub })
      await end(sub)
      // RFC 6750 §3.1: what is refused is the token, so it is 401 and a challenge.
      await expect(userinfo()).rejects.toMatchObject({
        status: 401,
        cause: [{ parameters: { error: 'invalid_token' } }],
      })
      await expect(refresh(tokens.refresh_token)).rejects.toEqual(invalidGrant)
      expect(sessionsAt(sub)).toEqual([])
      expect((await browser.open(await context.app.signInUrl())).text).toContain('Sign in to your account')
      await expect.poll(() => received.length).toBe(1)
      expect(delivered().event).toBe(
        how.startsWith('deleted') ? 'User.Deleted' : 'User.SuspensionStatus.Updated',
      )
      expect(context.app.deliveries).toHaveLength(logouts)
    },
  )

  it('others, meanwhile, keep their sessions and grants', async () => {
    const stays = await somebody()
    const leaves = await somebody()
    await control().suspend(leaves.sub)
    await expect(refresh(stays.tokens.refresh_token)).resolves.toBeDefined()
    const page = await stays.browser.open(await context.app.signInUrl())
    expect(page.url).toMatch(/\/callback\?/)
  })

  it('person, unsuspended, signs in again, and what there was before stays gone', async () => {
    const { browser: before, tokens, sub, username, password } = await somebody()
    await control().suspend(username)
    const browser = await atSignIn(context)
    expect((await browser.submit({ username, password })).text).toContain('suspended')
    received.length = 0
    await control().unsuspend(sub)
    expect(delivered().data).toMatchObject({ id: sub, isSuspended: false })
    await expect(refresh(tokens.refresh_token)).rejects.toEqual(invalidGrant)
    expect((await browser.submit({ username, password })).url).toMatch(/\/callback\?/)
    expect((await before.open(await context.app.signInUrl())).text).toContain('Sign in to your account')
  })

  it('person, unsuspended without having been suspended, stays signed in', async () => {
    const { browser, tokens, sub } = await somebody()
    await control().unsuspend(sub)
    await expect(refresh(tokens.refresh_token)).resolves.toBeDefined()
    expect((await browser.open(await context.app.signInUrl())).url).toMatch(/\/callback\?/)
  })

  it('person, by the address of the company, is found', async () => {
    const { tokens } = await signInWithOkta(context)
    const [delivery] = await control().suspend(EMPLOYEE)
    expect(delivery?.userId).toBe(tokens.claims()?.sub)
    await control().unsuspend(EMPLOYEE)
  })

  it('person, suspended in the state itself, has no session either', async () => {
    const { sub } = await somebody()
    userOf(context, sub).isSuspended = true
    expect(sessionsAt(sub)).toEqual([])
  })

  it('person, unknown, is an error that says so', async () => {
    await expect(control().suspend('nobody@acme.example')).rejects.toThrow('no user “nobody@acme.example”')
    await expect(control().delete('nobody')).rejects.toThrow('no user')
  })
})

describe('webhook deliveries', () => {
  it('delivery, of a suspension, has Logto’s form', async () => {
    const { sub, username } = await somebody()
    const before = Date.now()
    const deliveries = await control().suspend(sub)
    const body = delivered()
    expect(body).toEqual({
      event: 'User.SuspensionStatus.Updated',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      userAgent: expect.any(String),
      ip: expect.any(String),
      path: `/users/${sub}/is-suspended`,
      method: 'PATCH',
      status: 200,
      params: { userId: sub },
      matchedRoute: '/users/:userId/is-suspended',
      data: expect.objectContaining({
        ...{ id: sub, username, isSuspended: true, hasPassword: true },
        applicationId: context.sandbox.logto.appId,
      }),
      hookId: hook.id,
    })
    expect(Date.parse(body.createdAt)).toBeGreaterThanOrEqual(before)
    expect(body.data.updatedAt).toBeGreaterThanOrEqual(before)
    expect(JSON.stringify(body)).not.toContain('passwordEncrypted')
    const expected = {
      ...{ at: expect.any(Number), hookId: hook.id, event: 'User.SuspensionStatus.Updated' },
      ...{ userId: sub, url: listenerUrl, status: 200, body: 'heard' },
    }
    expect(deliveries).toEqual([expected])
    expect(control().webhookDeliveries.at(-1)).toEqual(expected)
  })

  it('delivery, of a deletion, names the person in params and data', async () => {
    const { sub, username } = await somebody()
    await control().delete(username)
    expect(delivered()).toMatchObject({
      event: 'User.Deleted',
      method: 'DELETE',
      status: 204,
      params: { userId: sub },
      data: { id: sub, username },
    })
    expect(context.sandbox.tenant.users.map(({ id }) => id)).not.toContain(sub)
  })

  it.each([
    [
      'a new local account',
      async () => (await somebody()).tokens,
      {
        'User.Created': ['Register', { lastSignInAt: null, applicationId: null }],
        PostRegister: ['Register'],
      },
    ],
    [
      'a local account once more',
      async () => {
        const { username, password } = await somebody()
        const browser = new UserAgent()
        received.length = 0
        await browser.open(await context.app.signInUrl())
        return context.app.exchange((await browser.submit({ username, password })).url)
      },
      { PostSignIn: ['SignIn'] },
    ],
    [
      'a company’s newcomer',
      async () => {
        context.sandbox.tenant.users.length = 0
        return (await signInWithOkta(context)).tokens
      },
      { 'User.Created': ['Register', { lastSignInAt: null }], PostRegister: ['Register'] },
    ],
    [
      'somebody of a company once more',
      async () => {
        await signInWithOkta(context)
        received.length = 0
        return (await signInWithOkta(context)).tokens
      },
      { 'User.Data.Updated': ['SignIn', { primaryEmail: EMPLOYEE }], PostSignIn: ['SignIn'] },
    ],
  ] as const)(
    'hook, for every event, of the sign-in of %s, is told as by Logto',
    async (_what, signIn, events) => {
      Object.assign(hook, { events: HOOK_EVENTS })
      const { sub } = (await signIn()).claims() ?? {}
      const count = Object.keys(events).length
      await expect.poll(() => received.length).toBe(count)
      const bodies = received.map(({ body }) => JSON.parse(body))
      const { appId: id } = context.sandbox.logto
      for (const [event, [interactionEvent, data = {}]] of Object.entries<readonly [string, object?]>(
        events,
      )) {
        const during = {
          event,
          interactionEvent,
          createdAt: expect.any(String),
          sessionId: expect.stringMatching(/^[\w-]+$/),
          userAgent: expect.stringContaining('Mozilla'),
          application: { id, type: 'Traditional', name: expect.any(String), description: null },
          hookId: hook.id,
        }
        const user = expect.objectContaining({ id: sub, isSuspended: false, ...data })
        expect(bodies).toContainEqual(
          event.startsWith('Post')
            ? { ...during, userId: sub, userIp: expect.stringContaining('127.0.0.1'), user }
            : { ...during, applicationId: id, ip: expect.stringContaining('127.0.0.1'), data: user },
        )
      }
      expect(JSON.stringify(bodies)).not.toContain('passwordEncrypted')
    },
  )

  it('hook, provisioned, is signed with the key the app is told of', () => {
    expect(hook.signingKey).toBe(context.sandbox.webhookKey)
  })

  it.each([
    ['switched off', { enabled: false }, 0],
    ['for other events', { events: ['User.Created'] }, 0],
    ['of the old kind, for this event', { events: [], event: 'User.SuspensionStatus.Updated' }, 1],
    ['of the old kind, for another', { events: [], event: 'PostSignIn' }, 0],
  ] as const)('hook, %s, is told accordingly', async (_what, change, times) => {
    const { sub } = await somebody()
    Object.assign(hook, change)
    expect(await control().suspend(sub)).toHaveLength(times)
    expect(received).toHaveLength(times)
  })

  it('hook, with headers of its own, sends them, but not in place of the signature', async () => {
    const { sub } = await somebody()
    hook.config = { url: listenerUrl, headers: { 'x-of': 'ours', 'logto-signature-sha-256': 'forged' } }
    await control().suspend(sub)
    delivered()
    expect(received[0]?.headers['x-of']).toBe('ours')
  })

  it.each([500, 302])(
    'app, answering %i at length, is told once, and its answer kept in part',
    async (status) => {
      const { sub } = await somebody()
      answerWith = status
      answer = 'long '.repeat(5000)
      const [delivery] = await control().suspend(sub)
      expect(delivery).toMatchObject({ status, body: 'long '.repeat(2000) })
      expect(received).toHaveLength(1)
    },
  )

  it.each([
    ['away', freeUrl, /ECONNREFUSED/],
    ['at no address', async () => 'nowhere', /./],
  ])('app, %s, is kept as a delivery without an answer', async (_what, where, problem) => {
    const { sub } = await somebody()
    const url = await where()
    hook.config = { url }
    expect(await control().suspend(sub)).toMatchObject([
      { status: undefined, body: '', problem: expect.stringMatching(problem) },
    ])
  })

  it('app, that does not answer in time, is given up', async () => {
    const { sub } = await somebody()
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(
      AbortSignal.abort(new DOMException('too late', 'TimeoutError')),
    )
    const problem = 'no answer within 5 s'
    expect(await control().suspend(sub)).toMatchObject([{ status: undefined, problem }])
    expect(AbortSignal.timeout).toHaveBeenCalledWith(5000)
  })

  it('createdAt, with the clock moved, is by that clock', async () => {
    const { sub } = await somebody()
    control().moveClock(-1000)
    await control().suspend(sub)
    expect(Math.abs(Date.parse(delivered().createdAt) - Date.now() + 1_000_000)).toBeLessThan(30_000)
  })
})

describe('users, by the Management API', () => {
  it('list, newest first, has Logto’s keys and is in pages always', async () => {
    const { sub } = await somebody()
    const logto = await management()
    const { status, headers, body } = await logto('GET', '/users')
    expect(status).toBe(200)
    expect(Number(headers.get('total-number'))).toBe(context.sandbox.tenant.users.length)
    expect(body.length).toBeLessThanOrEqual(20)
    expect(Object.keys(body[0]).sort()).toEqual(
      [
        ...['id', 'username', 'primaryEmail', 'primaryPhone', 'name', 'avatar', 'customData', 'identities'],
        ...['lastSignInAt', 'createdAt', 'updatedAt', 'profile', 'applicationId'],
        ...['isSuspended', 'hasPassword'],
      ].sort(),
    )
    expect(body[0]).toMatchObject({ id: sub, isSuspended: false, hasPassword: true })
    expect((await logto('GET', '/users?page=1&page_size=1')).body).toHaveLength(1)
  })

  it('list, searched for exactly one email, has its account in whatever case', async () => {
    const { id } = addUser(context.sandbox.tenant, { primaryEmail: 'One@acme.example' })
    const path = '/users?mode.primaryEmail=exact&search.primaryEmail='
    const logto = await management()
    expect((await logto('GET', `${path}one@ACME.example`)).body).toMatchObject([{ id }])
    expect((await logto('GET', `${path}ne@acme.example`)).body).toEqual([])
  })

  it('suspension, taken back, answers with the user', async () => {
    const { sub } = await somebody()
    const logto = await management()
    const suspend = (isSuspended: unknown) => logto('PATCH', `/users/${sub}/is-suspended`, { isSuspended })
    expect(await suspend(true)).toMatchObject({ status: 200, body: { id: sub, isSuspended: true } })
    expect(await suspend(false)).toMatchObject({ status: 200, body: { id: sub, isSuspended: false } })
    expect(await suspend('yes')).toMatchObject({ status: 400, body: { code: 'guard.invalid_input' } })
    await expect.poll(() => received.length).toBe(2)
  })
})

describe('sessions, by the Management API', () => {
  const sessionsOf = async (sub: string) =>
    (await (await management())('GET', `/users/${sub}/sessions`)).body.sessions

  it('list, of a person, is of that person’s browsers, with the sid of the ID token', async () => {
    const { sub, tokens, username, password } = await somebody()
    const second = await atSignIn(context)
    await second.submit({ username, password })
    const sessions = await sessionsOf(sub)
    expect(sessions).toHaveLength(2)
    const { appId } = context.sandbox.logto
    expect(sessions[0]).toEqual({
      payload: {
        exp: expect.any(Number),
        iat: expect.any(Number),
        jti: expect.any(String),
        uid: expect.any(String),
        kind: 'Session',
        loginTs: expect.any(Number),
        accountId: sub,
        authorizations: { [appId]: expect.objectContaining({ sid: tokens.claims()?.sid }) },
      },
      lastSubmission: null,
      clientId: appId,
      accountId: sub,
      expiresAt: sessions[0].payload.exp * 1000,
    })
    const listed = sessionsAt(sub)
    const uids = sessions.map(({ payload }: { payload: { uid: string } }) => payload.uid)
    expect(listed.map(({ uid }) => uid)).toEqual(uids)
    expect(listed[0]?.applications).toMatchObject([{ appId, sid: tokens.claims()?.sid }])
    expect(Math.abs((listed[0]?.signedInAt ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  it.each([
    ['?revokeGrantsTarget=all', {}, 'gone'],
    ['?revokeGrantsTarget=firstParty', {}, 'gone'],
    ['', {}, 'kept'],
    ['', { scope: 'openid profile' }, 'gone'],
  ] as const)(
    'session, ended with “%s” for %j, leaves its grant %s and tells nobody',
    async (query, extra, grant) => {
      const { browser, tokens } = await signUp(context, new UserAgent(), extra)
      const id = tokens.claims()?.sub ?? ''
      const [session] = await sessionsOf(id)
      const logouts = context.app.deliveries.length
      const { status } = await (await management())(
        'DELETE',
        `/users/${id}/sessions/${session.payload.uid}${query}`,
      )
      expect(status).toBe(204)
      expect(await sessionsOf(id)).toEqual([])
      expect((await browser.open(await context.app.signInUrl())).text).toContain('Sign in to your account')
      expect(context.app.deliveries).toHaveLength(logouts)
      expect(received).toEqual([])
      const alive = oidc.fetchUserInfo(context.app.configuration, tokens.access_token, id)
      if (grant === 'kept') {
        await expect(alive).resolves.toBeDefined()
        await expect(refresh(tokens.refresh_token)).resolves.toBeDefined()
      } else {
        await expect(alive).rejects.toThrow()
      }
    },
  )

  it.each([
    ['firstParty', 'kept'],
    ['all', 'gone'],
  ] as const)(
    'grant, of a third-party application, of a session ended with %s, is %s',
    async (target, grant) => {
      const { tokens, sub } = await somebody()
      const [session] = sessionsAt(sub)
      await having(applicationOf(context), { isThirdParty: true }, () =>
        control().endSession(session?.uid ?? '', target),
      )
      const refreshed = refresh(tokens.refresh_token)
      if (grant === 'kept') await expect(refreshed).resolves.toBeDefined()
      else await expect(refreshed).rejects.toEqual(invalidGrant)
    },
  )

  it('session, by its ID, is read; of somebody else or of nobody, it is 404 and stays', async () => {
    const [one, other] = [await somebody(), await somebody()]
    const [session] = await sessionsOf(one.sub)
    const { uid } = session.payload
    const logto = await management()
    expect(await logto('GET', `/users/${one.sub}/sessions/${uid}`)).toMatchObject({
      status: 200,
      body: session,
    })
    const foreign = await logto('GET', `/users/${other.sub}/sessions/${uid}`)
    expect(foreign).toMatchObject({ status: 404, body: { code: 'entity.not_found' } })
    expect((await logto('DELETE', `/users/${other.sub}/sessions/${uid}`)).status).toBe(404)
    expect((await logto('DELETE', `/users/${one.sub}/sessions/nothing`)).status).toBe(404)
    expect(await sessionsOf(one.sub)).toHaveLength(1)
    expect(() => control().endSession('nothing')).toThrow('no session “nothing”')
  })

  it('grant, of a person, is listed by kind of application, and revoked without a word', async () => {
    const [one, other] = [await somebody(), await somebody()]
    const logto = await management()
    const grants = async (query = '') => (await logto('GET', `/users/${one.sub}/grants${query}`)).body.grants
    const [grant] = await grants()
    expect(grant).toMatchObject({
      payload: { kind: 'Grant', accountId: one.sub, clientId: context.sandbox.logto.appId, jti: grant.id },
      expiresAt: grant.payload.exp * 1000,
      application: { id: context.sandbox.logto.appId },
    })
    expect([await grants('?appType=firstParty'), await grants('?appType=thirdParty')]).toEqual([[grant], []])

    expect((await logto('DELETE', `/users/${other.sub}/grants/${grant.id}`)).status).toBe(404)
    expect((await logto('DELETE', `/users/${one.sub}/grants/${grant.id}`)).status).toBe(204)
    expect(await grants()).toEqual([])
    const [session] = await sessionsOf(one.sub)
    expect(session.payload.authorizations).toEqual({})
    await expect(refresh(one.tokens.refresh_token)).rejects.toEqual(invalidGrant)
    expect(received).toEqual([])
  })

  it('target, unknown, is 400', async () => {
    const answer = await (await management())('DELETE', '/users/a/sessions/b?revokeGrantsTarget=some')
    expect(answer).toMatchObject({ status: 400, body: { code: 'guard.invalid_input' } })
  })
})
