import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FORGERIES, type Forgery } from '../../src/sandbox/index.ts'
import { type Stack, signInThroughOkta, startStack, UserAgent } from '../support/stack.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const home = async (who: UserAgent) => (await who.open(`${stack.url}/`)).body

describe('ended at Logto', () => {
  it('journey, signed out at Logto and not here, is signed out here in that browser and in no other', async () => {
    const [one, other] = [new UserAgent(), new UserAgent()]
    for (const agent of [one, other]) await signInThroughOkta(agent, stack)
    await one.open(`${stack.sandbox.logto.endpoint}/oidc/session/end`)
    await one.submit({ logout: 'yes' })
    expect(await home(one)).toContain('data-signed-in="false"')
    expect(await home(other)).toContain('data-signed-in="true"')
    const ended = stack.logs.filter(({ audit }) => audit === 'ended')
    expect(ended).toEqual([expect.objectContaining({ by: 'backchannel_logout' })])
  })

  it('journey, suspended at Logto, is out in every browser at once, and in again once that is over', async () => {
    const { control } = stack.sandbox
    const [one, other] = [new UserAgent(), new UserAgent()]
    for (const agent of [one, other]) await signInThroughOkta(agent, stack)
    expect(await control.suspend('employee@acme.example')).toEqual([expect.objectContaining({ status: 204 })])
    for (const agent of [one, other]) expect(await home(agent)).toContain('data-signed-in="false"')
    expect(await control.unsuspend('employee@acme.example')).toEqual([
      expect.objectContaining({ status: 204 }),
    ])
    const again = new UserAgent()
    await signInThroughOkta(again, stack)
    expect(await home(again)).toContain('data-signed-in="true"')
    for (const agent of [one, other]) expect(await home(agent)).toContain('data-signed-in="false"')
  })

  it('journey, signed in twice in one browser, outlives the tokens of both sign-ins', async () => {
    const { control } = stack.sandbox
    const agent = new UserAgent()
    control.shortenTokens(1)
    await signInThroughOkta(agent, stack)
    // Logto still knows the person, and gives the second sign-in the grant of the first.
    await agent.open(`${stack.url}/sign-in`)
    expect(await home(agent)).toContain('data-signed-in="true"')
    const before = control.tokenRequests.length
    await expect
      .poll(async () => (await home(agent)) && control.tokenRequests.length, { timeout: 5000 })
      .toBeGreaterThan(before)
    control.shortenTokens(3600)
    expect(await home(agent)).toContain('data-signed-in="true"')
  })

  it('journey, logged out by every forgery of the sandbox, stays in, and by the genuine token once is out', async () => {
    const { control } = stack.sandbox
    const agent = new UserAgent()
    const known = control.sessions().map(({ uid }) => uid)
    await signInThroughOkta(agent, stack)
    const session = control.sessions().find(({ uid }) => !known.includes(uid))
    const sid = session?.applications[0]?.sid ?? ''
    for (const forged of Object.keys(FORGERIES) as Forgery[]) {
      expect(await control.backchannelLogout({ sid }, { forged }), forged).toMatchObject({ status: 400 })
    }
    expect(await home(agent)).toContain('data-signed-in="true"')
    expect(await control.backchannelLogout({ sid }, { replay: true })).toMatchObject({ status: 400 })
    expect(await home(agent)).toContain('data-signed-in="false"')
  })
})

describe('a session that is ended at Logto by an admin, without a word to the app', () => {
  /** Somebody signed in, whose session at Logto an admin ends. */
  async function ended(offline: 'true' | 'false', revokeGrantsTarget?: 'all', tokenLifetime = 3600) {
    const own = await startStack({ LOGTO_CHECK_SECONDS: '1', LOGTO_OFFLINE_ACCESS: offline })
    const { control } = own.sandbox
    control.shortenTokens(tokenLifetime)
    const agent = new UserAgent()
    await signInThroughOkta(agent, own)
    for (const { uid } of control.sessions()) control.endSession(uid, revokeGrantsTarget)
    return { ...own, control, page: async () => (await agent.open(`${own.url}/`)).body }
  }

  it.each([
    ['kept, of tokens that end with the session', 'false', undefined],
    ['revoked', 'true', 'all'],
  ] as const)('journey, grants %s, is out once Logto was looked at', async (_what, offline, revoke) => {
    const { page, close, logs } = await ended(offline, revoke)
    await expect.poll(page, { timeout: 10_000, interval: 200 }).toContain('data-signed-in="false"')
    expect(logs).toContainEqual(expect.objectContaining({ audit: 'ended', by: 'refresh_refused' }))
    await close()
  })

  // What Logto does not end, the app does not end: the table in the README says so.
  it('journey, grants kept, of tokens that outlive the session, goes on being renewed', async () => {
    const { page, close, control } = await ended('true', undefined, 1)
    const renewals = () =>
      control.tokenRequests.filter(({ grantType }) => grantType === 'refresh_token').length
    await expect.poll(async () => (await page()) && renewals(), { timeout: 10_000, interval: 200 }).toBe(2)
    expect(await page()).toContain('data-signed-in="true"')
    await close()
  })
})
