import { describe, expect, it } from 'vitest'
import { baseUrl, signedInApp, signIn, testApp } from '../../support/app.ts'
import { cookieIn } from '../../support/responses.ts'

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
    expect(response.headers['www-authenticate']).toBe(`Cookie form-action="${baseUrl}/sign-in"`)
    expect(response.body).toEqual({
      error: { code: 'not_signed_in', message: expect.any(String), reference: expect.any(String) },
    })
    expect(response.headers['set-cookie']).toBeUndefined()
  })

  const office =
    'Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; ms-office; MSOffice 16)'

  it.each([
    [office, 'text/html, application/xhtml+xml, */*'],
    ['Mozilla/4.0 (compatible; ms-office; MSOffice rmj)', '*/*'],
    ['Microsoft Office Word 2014', '*/*'],
    ['Microsoft Office Excel 2014', 'text/html'],
    ['Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)', '*/*'],
    ['Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', '*/*'],
    ['facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', '*/*'],
    ['Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5', 'text/html'],
    ['Twitterbot/1.0', 'text/html'],
  ])('link, opened by %s, begins nothing and is opened once more by a browser', async (agent, accept) => {
    const test = testApp()
    for (const path of [
      '/profile?a=1',
      '/sign-in?return_to=/profile',
      '/sign-in/acme',
      '/sign-up',
      '/sign-out',
    ]) {
      for (const method of ['get', 'head'] as const) {
        const { status, headers, text } = await test
          .browser()
          [method](path)
          .set({ 'user-agent': agent, accept })
        expect(status, path).toBe(200)
        if (method === 'get') expect(text).toContain('<meta http-equiv="refresh" content="0">')
        expect(headers['set-cookie']).toBeUndefined()
        expect(headers['cache-control']).toBe('private, no-store')
      }
    }
    expect(test.logto.calls).toEqual([])
  })

  it.each(['options', 'propfind', 'put'] as const)('Office, asking by %s, begins nothing', async (method) => {
    for (const path of ['/profile', '/sign-in']) {
      const { status, headers } = await testApp().browser()[method](path).set('user-agent', office)
      expect([401, 405]).toContain(status)
      expect(headers['set-cookie']).toBeUndefined()
    }
  })

  it('somebody signed in, by such an agent or by a browser that says how it navigates, is led on', async () => {
    const { test, browser } = await signedInApp()
    expect((await browser.get('/profile').set('user-agent', office)).text).toContain('Erin Employee')
    const navigation = {
      ...html,
      'user-agent': 'A browser of a phone called Preview',
      'sec-fetch-mode': 'navigate',
    }
    expect((await test.browser().get('/profile').set(navigation)).status).toBe(303)
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
    const test = testApp()
    const read = () => Promise.reject(new Error('away'))
    const away = testApp({ backend: { ...test.backend, read } })
    const cookie = cookieIn(await signIn(test.browser(), test), 'session') ?? ''
    const ask = ({ browser }: typeof test, path: string) =>
      browser()
        .get(path)
        .set({ ...html, cookie })
    const [profile, home] = [await ask(away, '/profile'), await ask(away, '/')]
    expect(profile).toBeErrorPage(503)
    expect(profile.headers['retry-after']).toBe('5')
    expect(home.status).toBe(200)
    expect(home).not.toShowSignedIn()
    for (const { headers } of [profile, home]) expect(headers).not.toHaveProperty('set-cookie')
    expect((await ask(test, '/profile')).status).toBe(200)
  })
})
