import { setTimeout as pause } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { RedisAwayError } from '../../../src/sso/redis/redis-away.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../../src/sso/session/backend/session-backend.ts'
import { FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { down, refuse } from '../../../src/testing/logto-answers.ts'
import { signIn, testApp } from '../../support/app.ts'
import { cookiesOf } from '../../support/responses.ts'
import { watchedBackend } from '../../support/watched-backend.ts'
import { logOut } from '../logto/logto-calls.ts'

/** An access token's hour, and a second: the SDK counts in whole ones. */
const hour = 3_601_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds)

/** Somebody who is signed in, and whose access token has just run out. */
async function stale(settings: Record<string, string> = {}, logto = new FakeLogto()) {
  const backend = watchedBackend(memoryBackend({ idle: 24 * hour }))
  const test = testApp({ backend, logto, settings: { SESSION_IDLE_SECONDS: '86400', ...settings } })
  const person = test.browser()
  await signIn(person, test)
  later(hour)
  return { ...test, backend, person }
}

const audits = (logs: Record<string, unknown>[]) => logs.filter(({ audit }) => audit)

describe('an access token that has run out', () => {
  it('tokens, fresh still, are not renewed', async () => {
    const test = testApp()
    const person = test.browser()
    await signIn(person, test)
    later(hour - 3000)
    await expect(person).toBeSignedIn()
    expect(test.logto.renewals).toBe(0)
  })

  it('tokens, run out, are renewed once, and what Logto says anew is shown', async () => {
    const { person, logto } = await stale()
    logto.renewed = { claims: { name: 'Erin Renamed' } }
    expect((await person.get('/')).text).toContain('Erin Renamed')
    expect((await person.get('/profile')).text).toContain('Erin Renamed')
    expect(logto.renewals).toBe(1)
    later(hour)
    await expect(person).toBeSignedIn()
    expect(logto.renewals).toBe(2)
  })

  it.each([false, true])('tokens, with a rotating server: %s, go on being renewed', async (rotates) => {
    const { person, logto } = await stale()
    logto.rotates = rotates
    for (let hours = 0; hours < 5; hours++) {
      await expect(person).toBeSignedIn()
      later(hour)
    }
    expect(logto.renewals).toBe(5)
  })

  it('tokens, of a sign-in without a refresh token, are left alone', async () => {
    const test = testApp({ settings: { SESSION_IDLE_SECONDS: '86400' } })
    const person = test.browser()
    test.logto.break(paths.token, async () =>
      Response.json({
        access_token: 'token',
        id_token: await test.logto.idToken(),
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'openid',
      }),
    )
    await signIn(person, test)
    const requests = test.logto.callsTo(paths.token)
    for (const _ of [1, 2, 3]) {
      later(hour)
      await expect(person).toBeSignedIn()
    }
    expect(test.logto.callsTo(paths.token)).toBe(requests)
    expect(test.logs.filter(({ level }) => Number(level) > 30)).toEqual([])
  })

  it('tokens, renewed without another ID token, leave what the one before says', async () => {
    const { person, logto, logs } = await stale()
    logto.break(paths.token, async () =>
      Response.json({ access_token: 'new', refresh_token: 'new', token_type: 'Bearer', expires_in: 3600 }),
    )
    expect((await person.get('/')).text).toContain('Erin Employee')
    expect(logs.filter(({ msg }) => msg === 'tokens were not renewed')).toEqual([])
  })

  it('50 requests, of two processes at once, share one renewal by a rotating server', async () => {
    const { app: _, ...first } = await stale({ LOGTO_TIMEOUT_SECONDS: '5' })
    const second = testApp({
      backend: first.backend,
      logto: first.logto,
      settings: { SESSION_IDLE_SECONDS: '86400' },
    })
    first.logto.rotates = true
    const cookie = cookiesOf(first.person)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        [first, second][at % 2]?.browser().get('/profile').set({ cookie, accept: 'text/html' }),
      ),
    )
    expect(answers.map((answer) => answer?.status)).toEqual(Array(50).fill(200))
    expect(first.logto.renewals).toBe(1)
  })

  it('another process, ended in the middle of a renewal, holds nobody up for longer than its lease', async () => {
    const { backend, person, logto } = await stale({ LOGTO_TIMEOUT_SECONDS: '5' })
    const [id = ''] = await backend.ids()
    await backend.lease(id, 'a process that is no more', 300)
    const answer = person.get('/').then((response) => response)
    later(400)
    expect(await answer).toShowSignedIn()
    expect(logto.renewals).toBe(1)
  })
})

describe('a renewal that fails', () => {
  it('grant, refused, ends the session for good and says so in one audit line', async () => {
    const { person, logto, backend, logs } = await stale()
    logto.renewed = undefined
    await expect(person).not.toBeSignedIn()
    expect(await backend.ids()).toEqual([])
    logto.renewed = {}
    await expect(person).not.toBeSignedIn()
    expect(audits(logs).slice(1)).toEqual([
      expect.objectContaining({ audit: 'ended', by: 'refresh_refused', sub: 'user-1' }),
    ])
  })

  it('ID token, renewed for somebody else, ends the session', async () => {
    const { person, logto, backend, logs } = await stale()
    logto.renewed = { claims: { sub: 'user-2', name: 'Mallory' } }
    expect(await person.get('/')).not.toShowSignedIn()
    expect(await backend.ids()).toEqual([])
    expect(audits(logs)).toContainEqual(expect.objectContaining({ by: 'another_person', sub: 'user-1' }))
  })

  it.each<[string, Parameters<FakeLogto['break']>[1]]>([
    ['no connection', down],
    ['a 500', async () => new Response('', { status: 500 })],
    ['a 503 of a proxy', async () => new Response('<html>', { status: 503 })],
    ['a 429', async () => refuse(429, 'too_many_requests')],
    ['an app secret that is wrong', async () => refuse(401, 'invalid_client')],
    ['rubbish', async () => new Response('rubbish')],
  ])(
    'Logto, %s, keeps the session within its grace, asks now and then, and ends it after',
    async (_what, answer) => {
      const { person, logto, backend, logs } = await stale({ REFRESH_GRACE_SECONDS: '600' })
      logto.break(paths.token, answer)
      const before = logto.callsTo(paths.token)
      await expect(person).toBeSignedIn()
      await expect(person).toBeSignedIn()
      expect(logto.callsTo(paths.token)).toBe(before + 1)
      later(20_000)
      await expect(person).toBeSignedIn()
      expect(logto.callsTo(paths.token)).toBe(before + 2)
      later(600_000)
      await expect(person).not.toBeSignedIn()
      expect(await backend.ids()).toEqual([])
      expect(audits(logs)).toContainEqual(expect.objectContaining({ audit: 'ended', by: 'refresh_failed' }))
      expect(JSON.stringify(logs)).not.toMatch(/the-refresh-token|the-access-token|eyJ/)
    },
  )

  it('Logto, back within the grace, goes on as if nothing had been, with a new grace', async () => {
    const { person, logto } = await stale({ REFRESH_GRACE_SECONDS: '600' })
    logto.break(paths.token, down)
    await expect(person).toBeSignedIn()
    later(500_000)
    logto.restore(paths.token)
    await expect(person).toBeSignedIn()
    later(hour)
    logto.break(paths.token, down)
    await expect(person).toBeSignedIn()
    later(500_000)
    await expect(person).toBeSignedIn()
  })

  it('grace, none, ends the session at the first failure', async () => {
    const { person, logto } = await stale({ REFRESH_GRACE_SECONDS: '0' })
    logto.break(paths.token, down)
    await expect(person).not.toBeSignedIn()
  })

  it('token endpoint, slower than other calls may be, is waited for', async () => {
    const { person, logto } = await stale({ LOGTO_TIMEOUT_SECONDS: '0.3' })
    vi.useRealTimers()
    logto.break(paths.token, async (init) => {
      await pause(500) // longer than other calls may take, shorter than a renewal may
      logto.restore(paths.token)
      return logto.fetch(`https://logto.test${paths.token}`, init)
    })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hour })
    await expect(person).toBeSignedIn()
    expect(logto.renewals).toBe(1)
  })
})

describe('a renewal that names another session at Logto', () => {
  /** Somebody whose session at Logto was called one thing at sign-in, and is called another since it was renewed. */
  async function renamed(first: object, then: object) {
    const logto = new FakeLogto()
    Object.assign(logto.claims, first)
    const test = await stale({}, logto)
    logto.claims = { ...then }
    await expect(test.person).toBeSignedIn()
    return test
  }

  it.each([
    ['another', { sid: 'one' }, { sid: 'two' }, 'two', false],
    ['another, and the old one is logged out', { sid: 'one' }, { sid: 'two' }, 'one', true],
    ['one for the first time', {}, { sid: 'two' }, 'two', false],
    ['none any more', { sid: 'one' }, {}, 'one', false],
  ])('sid, %s, is the one that a logout ends', async (_what, first, then, sid, isIn) => {
    const { person, ...test } = await renamed(first, then)
    test.logto.claims = {}
    await logOut(test, { claims: { sid, sub: undefined } })
    if (isIn) await expect(person).toBeSignedIn()
    else await expect(person).not.toBeSignedIn()
  })

  it('sid, of a session that is logged out while the renewal is under way, ends the session', async () => {
    const logto = new FakeLogto()
    const { person, ...test } = await stale({ LOGTO_TIMEOUT_SECONDS: '5' }, logto)
    logto.break(paths.token, async (init) => {
      logto.restore(paths.token)
      logto.renewed = { claims: { sid: 'two' } }
      const answer = await logto.fetch(`https://logto.test${paths.token}`, init)
      await logOut(test, { claims: { sid: 'two', sub: undefined } })
      return answer
    })
    await expect(person).not.toBeSignedIn()
    expect(await test.backend.ids()).toEqual([])
  })
})

describe('a look at Logto while somebody is active', () => {
  const looks = ({ logto }: { logto: FakeLogto }) => logto.callsTo(paths.userinfo)

  /** Somebody who signed in five minutes ago. */
  async function active(settings: Record<string, string> = {}) {
    const backend = watchedBackend()
    const test = testApp({ backend, settings })
    const person = test.browser()
    await signIn(person, test)
    await expect(person).toBeSignedIn()
    expect(looks(test)).toBe(0)
    later(301_000)
    return { ...test, backend, person }
  }

  it('Logto, looked at once in five minutes, whatever the pages and processes', async () => {
    const first = await active()
    const second = testApp({ backend: first.backend, logto: first.logto })
    const cookie = cookiesOf(first.person)
    for (const { browser } of [first, second, first, second]) {
      expect(await browser().get('/').set({ cookie })).toShowSignedIn()
    }
    await expect.poll(() => looks(first)).toBe(1)
    expect(first.logto.renewals).toBe(0)
  })

  it('grant, found to be revoked, ends the session, and is written down', async () => {
    const { person, logto, backend, logs } = await active()
    logto.break(paths.userinfo, async () => refuse(401, 'invalid_token'))
    logto.renewed = undefined
    await expect(person).toBeSignedIn() // this page did not wait
    await expect.poll(() => backend.ids()).toEqual([])
    await expect(person).not.toBeSignedIn()
    expect(audits(logs)).toContainEqual(expect.objectContaining({ by: 'refresh_refused', sub: 'user-1' }))
  })

  it.each([
    ['away', down],
    ['out of order', async () => new Response('', { status: 500 })],
    ['slow', () => new Promise<Response>(() => {})],
  ])('Logto, %s, ends nothing, and no page waits for it', async (_what, answer) => {
    const test = await active()
    test.logto.break(paths.userinfo, answer)
    for (const _ of [1, 2, 3]) await expect(test.person).toBeSignedIn()
    await expect.poll(() => looks(test)).toBe(1)
    expect(test.logto.renewals).toBe(0)
  })

  it('looks, switched off, are none', async () => {
    const test = await active({ LOGTO_CHECK_SECONDS: '0' })
    await expect(test.person).toBeSignedIn()
    expect(looks(test)).toBe(0)
  })
})

describe('an answer of which a part is of no use', () => {
  it.each<[string, (logto: FakeLogto) => void, (logto: FakeLogto) => void]>([
    [
      'keys that cannot be had',
      (logto) => logto.break(paths.keys, async () => new Response('', { status: 503 })),
      (logto) => logto.restore(paths.keys),
    ],
    [
      'an ID token of a key that nobody knows',
      (logto) => Object.assign(logto, { renewed: { key: 'stranger' } }),
      (logto) => Object.assign(logto, { renewed: {} }),
    ],
  ])('refresh token, rotated, beside %s, is kept and used next', async (_what, spoil, fix) => {
    const { person, logto } = await stale({ REFRESH_GRACE_SECONDS: '600' })
    logto.rotates = true
    spoil(logto)
    for (const _ of [1, 2, 3]) {
      await expect(person).toBeSignedIn()
      later(20_000)
    }
    expect(logto.renewals).toBe(3)
    fix(logto)
    await expect(person).toBeSignedIn()
    later(hour)
    await expect(person).toBeSignedIn()
    expect(logto.renewals).toBe(5)
  })

  it('refresh token, rotated, is stored before the ID token is verified', async () => {
    const { person, logto, backend } = await stale()
    const [id = ''] = await backend.ids()
    let stored: string | undefined
    logto.rotates = true
    logto.break(paths.keys, async () => {
      stored = await backend.read(id)
      return new Response('', { status: 503 })
    })
    await expect(person).toBeSignedIn()
    expect(stored).not.toContain('the-refresh-token')
  })

  it('refresh token, rotated, while the store is away for a moment, is kept', async () => {
    const { person, logto, backend } = await stale()
    logto.rotates = true
    const { replace } = backend
    let failures = 3
    backend.replace = async (...row) => {
      if (failures-- > 0) throw new RedisAwayError('away')
      return replace(...row)
    }
    await expect(person).toBeSignedIn()
    later(hour)
    await expect(person).toBeSignedIn()
    expect(logto.renewals).toBe(2)
  })
})

/** Answers of the token endpoint with this in place of what they say of how long the access token lives. */
const saying = (logto: FakeLogto, expires_in: unknown) =>
  logto.break(paths.token, async (init) => {
    logto.restore(paths.token)
    const answer = await logto.fetch(`https://logto.test${paths.token}`, init)
    saying(logto, expires_in)
    return Response.json({ ...((await answer.json()) as object), expires_in })
  })

describe('what the token endpoint says of how long', () => {
  it.each<[string, unknown, number]>([
    ['nothing', undefined, 3600],
    ['null', null, 3600],
    ['a number', 600, 600],
    ['text', '600', 600],
    ['text with a fraction', '600.0', 600],
    ['text with an exponent', '6e2', 600],
    ['nothing but blanks', ' ', 3600],
    ['words', 'an hour', 3600],
    // Quadratic work would take hours.
    ['digits without end, and no number', `${'0'.repeat(900_000)}x`, 3600],
    ['a hexadecimal', '0x10', 3600],
    ['true', true, 3600],
    ['a list', [600], 3600],
    ['an object', {}, 3600],
    ['a year', 31_536_000, 86_400],
    ['more than a number can hold', '1e999', 86_400],
  ])('expires_in, %s, counts at the first exchange and at each renewal', async (_what, value, seconds) => {
    const test = testApp({ settings: { SESSION_IDLE_SECONDS: '999999', SESSION_ABSOLUTE_SECONDS: '999999' } })
    saying(test.logto, value)
    const person = test.browser()
    await signIn(person, test)
    for (const renewals of [0, 1]) {
      later((seconds - 2) * 1000)
      await expect(person).toBeSignedIn()
      expect(test.logto.renewals).toBe(renewals)
      later(3000)
      await expect(person).toBeSignedIn()
      await expect(person).toBeSignedIn()
      expect(test.logto.renewals).toBe(renewals + 1)
    }
  })
})

describe('tokens that have run out when they come', () => {
  it.each([0, -1, '0', '-5.5'])(
    'expires_in, %j each time, has Logto asked once for many pages',
    async (value) => {
      const test = testApp()
      saying(test.logto, value)
      const person = test.browser()
      await signIn(person, test)
      later(1000)
      for (let page = 0; page < 5; page++) await expect(person).toBeSignedIn()
      expect(test.logto.renewals).toBe(1)
    },
  )
})

describe('a session that ends while its tokens are renewed', () => {
  it.each<[string, (backend: SessionBackend, id: string) => Promise<unknown>]>([
    ['alone', (backend, id) => backend.remove(id)],
    ['with all of the person', (backend) => backend.removeByName('sub:user-1')],
  ])('session, ended %s, stays ended', async (_what, end) => {
    const { person, logto, backend } = await stale({ LOGTO_TIMEOUT_SECONDS: '5' })
    const [id = ''] = await backend.ids()
    logto.break(paths.token, async (init) => {
      await end(backend, id)
      logto.restore(paths.token)
      return logto.fetch(`https://logto.test${paths.token}`, init)
    })
    expect(await person.get('/')).not.toShowSignedIn()
    expect(await backend.ids()).toEqual([])
  })
})

describe('a session that ends right after its tokens were renewed', () => {
  it('session, read once more, is nobody’s', async () => {
    const { person, backend } = await stale()
    const [id = ''] = await backend.ids()
    const { replace } = backend
    backend.replace = async (...given) => {
      const isDone = await replace(...given)
      await backend.remove(id)
      return isDone
    }
    expect(await person.get('/')).not.toShowSignedIn()
  })
})

describe('what the ID token says of how long', () => {
  it.each([
    ['earlier than the absolute limit', 600, 601],
    ['later than the absolute limit', 86_400 * 2, 86_401],
  ])('session_expiry, %s, is kept to', async (_what, seconds, gone) => {
    const logto = new FakeLogto()
    logto.expiresIn = 86_400 * 3
    const test = testApp({ logto, settings: { SESSION_IDLE_SECONDS: '999999' } })
    const person = test.browser()
    const session_expiry = Math.floor(Date.now() / 1000) + seconds
    await signIn(person, test, '/sign-in', { claims: { session_expiry } })
    later((gone - 5) * 1000)
    await expect(person).toBeSignedIn()
    later(6000)
    await expect(person).not.toBeSignedIn()
  })

  it('session_expiry, moved by a renewal, shortens the session and never makes it longer', async () => {
    const { person, logto } = await stale()
    logto.renewed = { claims: { session_expiry: Math.floor(Date.now() / 1000) + 60 } }
    await expect(person).toBeSignedIn()
    logto.renewed = { claims: { session_expiry: Math.floor(Date.now() / 1000) + 86_400 * 9 } }
    later(61_000)
    await expect(person).not.toBeSignedIn()
  })
})
