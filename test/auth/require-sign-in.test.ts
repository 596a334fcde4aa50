import { describe, expect, it } from 'vitest'
import { memoryRows } from '../../src/sessions/memory-rows.ts'
import { baseUrl, signIn, testApp } from '../support/app.ts'
import { cookieIn } from '../support/responses.ts'

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

describe('requireSignIn', () => {
  it('stranger, going to a page, is sent to sign in and comes back to it, query and all', async () => {
    const test = testApp()
    const browser = test.browser()
    const response = await browser.get('/profile?tab=a%20b&x=1').set(html)
    expect(response).toRedirectTo(
      `${baseUrl}/sign-in?${new URLSearchParams({ return_to: '/profile?tab=a%20b&x=1' })}`,
    )
    const { pathname, search } = new URL(response.headers.location ?? '')
    expect(await signIn(browser, test, pathname + search)).toRedirectTo(`${baseUrl}/profile?tab=a%20b&x=1`)
    expect((await browser.get('/profile').set(html)).text).toContain('Erin Employee')
  })

  it.each<[string, Record<string, string>]>([
    ['a fetch that accepts anything', { accept: '*/*', 'sec-fetch-dest': 'empty' }],
    ['a fetch that wants JSON', { accept: 'application/json', 'sec-fetch-dest': 'empty' }],
    ['an older script', { 'x-requested-with': 'XMLHttpRequest' }],
    ['a program that wants JSON', { accept: 'application/json' }],
  ])('stranger, %s, gets a 401 in JSON, no redirect and no attempt', async (_what, headers) => {
    const response = await testApp().browser().get('/profile').set(headers)
    expect(response.status).toBe(401)
    expect(response.headers['www-authenticate']).toMatch(/^Cookie /)
    expect(response.body).toEqual({
      error: { code: 'not_signed_in', message: expect.any(String), reference: expect.any(String) },
    })
    expect(response.headers['set-cookie']).toBeUndefined()
  })

  it.each<[string, Record<string, string>]>([
    ['an image', { ...html, 'sec-fetch-dest': 'image' }],
    ['a frame', { ...html, 'sec-fetch-dest': 'iframe' }],
    ['a script that wants a page', { ...html, 'sec-fetch-dest': 'empty' }],
    ['a program that accepts anything', { accept: '*/*' }],
  ])('stranger, %s, begins nothing', async (_what, headers) => {
    const response = await testApp().browser().get('/profile').set(headers)
    expect(response.status).toBe(401)
    expect(response.headers['www-authenticate']).toMatch(/^Cookie /)
    expect(response.headers.location).toBeUndefined()
  })

  it('somebody signed in, the store away, gets a 503 and keeps the session', async () => {
    const rows = memoryRows({ idle: 3_600_000 })
    const test = testApp({ rows: { ...rows } })
    const browser = test.browser()
    await signIn(browser, test)
    const away = testApp({
      rows: {
        ...rows,
        read: async () => {
          throw new Error('away')
        },
      },
    })
    const cookie = cookieIn(await signIn(test.browser(), test), 'session') ?? ''
    const response = await away
      .browser()
      .get('/profile')
      .set({ ...html, cookie })
    expect(response).toBeErrorPage(503)
    expect(response.headers['retry-after']).toBe('5')
    expect(response.headers['set-cookie']).toBeUndefined()
    const home = await away.browser().get('/').set({ cookie })
    expect(home.status).toBe(200)
    expect(home.text).toContain('You are not signed in')
    expect(home.headers['set-cookie']).toBeUndefined()
    expect(
      (
        await test
          .browser()
          .get('/profile')
          .set({ ...html, cookie })
      ).status,
    ).toBe(200)
  })
})
