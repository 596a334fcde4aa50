import supertest from 'supertest'
import { describe, expect, it, vi } from 'vitest'
import { paths } from '../../../src/testing/fake-logto.ts'
import { down, hang } from '../../../src/testing/logto-answers.ts'
import { testApp } from '../../support/app.ts'
import { audits, logOut, post, signedIn } from '../logto/logto-calls.ts'

describe('POST /backchannel-logout, at fault', () => {
  it('logout token, refused, is answered as OAuth has it, and fills no memory', async () => {
    const test = testApp()
    const markUsed = vi.spyOn(test.backend, 'markUsed')
    const token = await test.logto.logoutToken({ key: 'stranger' })
    const { status, headers, type, body } = await post(test, { logout_token: token })
    expect([status, type, headers['cache-control']]).toEqual([400, 'application/json', 'private, no-store'])
    expect(headers['set-cookie']).toBeUndefined()
    expect(body).toEqual({
      error: 'invalid_request',
      error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/), // RFC 6749 §5.2
    })
    const logged = test.logs.find(({ err }) => (err as { code?: string })?.code === 'logout_token_refused')
    expect(body.error_description).toContain(`its signature. Reference ${logged?.reference}.`)
    expect(markUsed).not.toHaveBeenCalled()
  })

  it.each([
    ['none at all', ''],
    ['one under another name', 'token=x'],
    ['one in the address only', '', '?logout_token=TOKEN'],
    ['the same one twice', 'logout_token=TOKEN&logout_token=TOKEN'],
    ['a bad one behind the good one', 'logout_token=TOKEN&logout_token=x'],
    ['an empty one before the good one', 'logout_token=&logout_token=TOKEN'],
    ['a list', 'logout_token[]=TOKEN'],
  ])('logout request, with %s, is refused', async (_what, form, query = '') => {
    const test = testApp()
    const browser = await signedIn(test)
    const token = await test.logto.logoutToken()
    const response = await supertest(test.app)
      .post(`/backchannel-logout${query.replace('TOKEN', token)}`)
      .type('form')
      .send(form.replaceAll('TOKEN', token))
    expect(response).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(audits(test, 'refused')).toEqual([expect.objectContaining({ why: 'logout_token_form' })])
    await expect(browser).toBeSignedIn()
  })

  it.each([
    ['metadata is down', paths.discovery, down],
    ['metadata hangs', paths.discovery, hang],
    ['key set is down', paths.keys, down],
    ['key set answers 500', paths.keys, async () => new Response('no', { status: 500 })],
    ['key set is none', paths.keys, async () => Response.json({ keys: 'none' })],
  ])(
    'logout request, Logto’s %s, is a 503, and the same token is taken later',
    async (_what, path, answer) => {
      const first = testApp()
      const browser = await signedIn(first)
      const test = testApp({ backend: first.backend }) // another process, which knows no key yet
      test.logto.break(path, answer)
      const token = await test.logto.logoutToken()
      const response = await post(test, { logout_token: token })
      expect(response).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
      expect(response.headers['retry-after']).toBe('5')
      expect(response.headers['cache-control']).toContain('no-store')
      await expect(browser).toBeSignedIn()
      test.logto.restore(path)
      expect((await post(test, { logout_token: token })).status).toBe(200)
      await expect(browser).not.toBeSignedIn()
    },
  )

  it('logout request, store away when the names are cleared, has ended the session and says so', async () => {
    const test = testApp()
    const browser = await signedIn(test)
    vi.spyOn(test.backend, 'dropNames').mockRejectedValueOnce(new Error('store is away'))
    expect((await logOut(test)).status).toBe(200)
    expect(audits(test, 'ended')).toHaveLength(1)
    await expect(browser).not.toBeSignedIn()
  })
})

describe('POST /backchannel-logout, well', () => {
  it('logout, by sid, ends every session of it here and no other', async () => {
    const test = testApp()
    const [one, two] = [
      await signedIn(test, { sid: 'session-1' }),
      await signedIn(test, { sid: 'session-1' }),
    ]
    const other = await signedIn(test, { sid: 'session-2' })
    const response = await logOut(test, { claims: { sid: 'session-1' } })
    expect(response).toMatchObject({ status: 200, text: '' })
    expect(response.headers['cache-control']).toContain('no-store')
    expect(response.headers['set-cookie']).toBeUndefined()
    await expect(one).not.toBeSignedIn()
    await expect(two).not.toBeSignedIn()
    await expect(other).toBeSignedIn()
    const lines = audits(test, 'ended')
    expect(lines).toEqual(
      Array(2).fill(
        expect.objectContaining({
          by: 'backchannel_logout',
          sub: 'user-1',
          session: expect.stringMatching(/^[0-9a-f]{12}$/),
          reference: expect.any(String),
          address: expect.any(String),
        }),
      ),
    )
    expect(new Set(lines.map(({ session }) => session)).size).toBe(2)
    expect(JSON.stringify(test.logs)).not.toContain('eyJ')
  })

  it('logout, by sub alone, ends everything of the person and nothing of another', async () => {
    const test = testApp()
    const mine = [await signedIn(test, { sid: 'session-1' }), await signedIn(test, { sid: 'session-2' })]
    const other = await signedIn(test, { sub: 'user-2' })
    expect((await logOut(test)).status).toBe(200)
    for (const browser of mine) await expect(browser).not.toBeSignedIn()
    await expect(other).toBeSignedIn()
    expect(audits(test, 'ended')).toHaveLength(2)
  })

  it('logout, by a sid and somebody else’s sub, is refused and ends nothing', async () => {
    const test = testApp()
    const browser = await signedIn(test, { sid: 'session-1' })
    const victim = await signedIn(test, { sub: 'user-2', sid: 'session-2' })
    const response = await logOut(test, { claims: { sid: 'session-1', sub: 'user-2' } })
    expect(response.status).toBe(400)
    expect(audits(test, 'refused')).toEqual([expect.objectContaining({ why: 'logout_token_sub' })])
    await expect(browser).toBeSignedIn()
    await expect(victim).toBeSignedIn()
  })

  it.each([
    ['by sid', { sid: 'nobody’s' }],
    ['by sub', { sub: 'nobody' }],
  ])('logout, %s of nobody here, has succeeded (§2.7)', async (_what, claims) => {
    const test = testApp()
    const browser = await signedIn(test, { sid: 'session-1' })
    expect((await logOut(test, { claims })).status).toBe(200)
    expect(audits(test, 'ended')).toEqual([])
    await expect(browser).toBeSignedIn()
  })

  it('logout request, with a charset and parameters besides, is taken', async () => {
    const test = testApp()
    const response = await supertest(test.app)
      .post('/backchannel-logout')
      .set('content-type', 'application/x-www-form-urlencoded; charset=UTF-8')
      .send(`a=1&logout_token=${await test.logto.logoutToken()}&b=2`)
    expect(response.status).toBe(200)
  })

  it('logout, app under a path, is there', async () => {
    const test = testApp({ settings: { BASE_URL: 'http://app.test/team' } })
    const response = await supertest(test.app)
      .post('/team/backchannel-logout')
      .type('form')
      .send({ logout_token: await test.logto.logoutToken() })
    expect(response.status).toBe(200)
  })
})
