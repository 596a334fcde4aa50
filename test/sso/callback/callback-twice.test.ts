import { describe, expect, it, vi } from 'vitest'
import { FakeLogto, paths } from '../../../src/testing/fake-logto.ts'
import { refuse, tokenAnswer } from '../../../src/testing/logto-answers.ts'
import { baseUrl, callbackPath, signIn, stateOf, testApp } from '../../support/app.ts'
import { cookieIn, cookiesOf } from '../../support/responses.ts'
import { watchedBackend } from '../../support/watched-backend.ts'

const html = { accept: 'text/html' }

/** Two processes of one app, and a browser at each with the same cookies, of which neither learns the other's answer. */
async function twoProcesses() {
  const logto = new FakeLogto()
  const backend = watchedBackend()
  const [one, two] = [testApp({ logto, backend }), testApp({ logto, backend })]
  const first = one.browser()
  const state = await stateOf(first, '/sign-in?return_to=/profile')
  const path = callbackPath({ code: logto.code(), state })
  const sent = cookiesOf(first)
  const send = (test = two, cookies = sent) =>
    test
      .browser()
      .get(path)
      .set({ ...html, cookie: cookies })
  return { logto, backend, one, two, send, cookies: sent }
}

/** What somebody sees who has this session's cookie and no other. */
const homeWith = async (test: ReturnType<typeof testApp>, cookie = '') =>
  (await test.browser().get('/').set('cookie', cookie)).text

describe('one callback that arrives twice', () => {
  it.each(['one process', 'two processes'])(
    'at the same instant, at %s, is one session in either answer',
    async (where) => {
      const { logto, backend, one, two, send } = await twoProcesses()
      const second = where === 'one process' ? one : two
      const answers = await Promise.all([send(one), send(second), send(one), send(second)])
      for (const answer of answers) expect(answer).toRedirectTo(`${baseUrl}/profile`)
      expect(logto.tokenRequests).toHaveLength(1)
      expect(await backend.ids()).toHaveLength(1)
      for (const answer of answers) expect(await homeWith(two, cookieIn(answer, 'session'))).toContain('Erin')
      expect(one.logs.concat(two.logs).filter(({ audit }) => audit === 'signed_in')).toHaveLength(1)
    },
  )

  it('while the first one waits for Logto, waits for it and sends no code', async () => {
    const { logto, backend, two, one, send } = await twoProcesses()
    const leases = vi.spyOn(backend, 'lease')
    logto.break(paths.token, async () => {
      // The second one has come, and has found the lease taken.
      await expect.poll(() => leases.mock.calls.length).toBeGreaterThan(2)
      return tokenAnswer(await logto.idToken())
    })
    const answers = await Promise.all([send(one), send(two)])
    const [first, second] = answers.map((each) => cookieIn(each, 'session'))
    expect(first).toBeDefined()
    expect(second).toBe(first)
    expect(logto.callsTo(paths.token)).toBe(1)
  })

  it('its first answer lost on the way, is given the session for a minute, and then a way to begin again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { logto, two, one, send } = await twoProcesses()
    const first = await send(one)
    vi.setSystemTime(Date.now() + 59_000)
    expect(cookieIn(await send(two), 'session')).toBe(cookieIn(first, 'session'))
    vi.setSystemTime(Date.now() + 2000)
    const late = await send(two)
    expect(late).toBeErrorPage(400)
    expect(late.text).toContain('/sign-in?return_to=%2Fprofile')
    expect(logto.tokenRequests).toHaveLength(1)
  })

  it('whose first answer was a failure, is not tried again, and offers to begin again', async () => {
    const { logto, backend, two, one, send } = await twoProcesses()
    logto.break(paths.token, async () => refuse(400, 'invalid_grant'))
    const answers = await Promise.all([send(one), send(two)])
    for (const answer of answers) expect(answer.text).toContain('/sign-in?return_to=%2Fprofile')
    expect(answers.map(({ status }) => status >= 400)).toEqual([true, true])
    expect(logto.callsTo(paths.token)).toBe(1)
    expect(await backend.ids()).toEqual([])
  })

  it('whose session has ended meanwhile, brings it back to nobody', async () => {
    const { logto, backend, two, one, send } = await twoProcesses()
    await send(one)
    for (const id of await backend.ids()) await backend.remove(id)
    const second = await send(two)
    expect(second).toBeErrorPage(400)
    expect(cookieIn(second, 'session')).toBeUndefined()
    expect(logto.tokenRequests).toHaveLength(1)
  })

  it('in a browser that had a session before, leaves that one behind', async () => {
    const { backend, two, one, send, cookies } = await twoProcesses()
    const before = cookieIn(await signIn(one.browser(), one), 'session') ?? ''
    await Promise.all([send(one, `${cookies}; ${before}`), send(two, `${cookies}; ${before}`)])
    expect(await backend.ids()).toHaveLength(1)
    expect(await homeWith(two, before)).not.toContain('Erin')
  })

  it('with the state alone, from another browser, is nothing to it', async () => {
    const { two, one, send } = await twoProcesses()
    await send(one)
    const stranger = await send(two, 'a=b')
    expect(stranger).toBeErrorPage(400)
    expect(cookieIn(stranger, 'session')).toBeUndefined()
  })

  it.each(['lease', 'markUsed'] as const)(
    'the store away at its %s, is finished by the next',
    async (method) => {
      const { logto, backend, one, two, send } = await twoProcesses()
      vi.spyOn(backend, method).mockRejectedValueOnce(new Error('store is away'))
      const refused = await send(one)
      expect(refused).toBeErrorPage(503)
      expect(logto.tokenRequests).toEqual([])
      expect(cookieIn(refused, 'attempt')).toBeUndefined()
      expect(await homeWith(two, cookieIn(await send(two), 'session'))).toContain('Erin')
    },
  )
})
