import { describe, expect, it } from 'vitest'
import { baseUrl, signedInApp, startSignIn, testApp } from '../../support/app.ts'

const html = { accept: 'text/html' }

describe('language', () => {
  it.each([
    [undefined, 'en'],
    ['ja', 'ja'],
    ['ja-JP,ja;q=0.9,en;q=0.8', 'ja'],
    ['en-GB,en;q=0.9,ja;q=0.8', 'en'],
    ['fr', 'en'],
    ['fr,ja;q=0.5', 'ja'],
    ['nonsense;;;', 'en'],
    ['x'.repeat(4000), 'en'],
  ])('page, asked for with Accept-Language %s, is in %s', async (header, language) => {
    const request = testApp().browser().get('/')
    if (header) request.set('accept-language', header)
    const { text } = await request
    expect(text).toContain(`<html lang="${language}">`)
    expect(text.includes('サインイン')).toBe(language === 'ja')
  })

  it('switch, used, wins over the browser, comes back to the page, and stays', async () => {
    const { browser } = await signedInApp()
    const { text } = await browser.get('/profile?a=1&b=2').set(html)
    const action = /action="([^"]*\/language[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const response = await browser.post(action.slice(baseUrl.length))
    expect(response).toRedirectTo(`${baseUrl}/profile?a=1&b=2`)
    expect((await browser.get('/profile').set({ ...html, 'accept-language': 'en' })).text).toContain(
      'サインアウト',
    )
  })

  it.each(['fr', '', 'en,ja', '../en'])('switch, to %j, is a 400', async (to) => {
    expect(await testApp().browser().post(`/sso/language?to=${to}`)).toBeErrorPage(400)
  })

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example'])(
    'switch, asked to go back to %s, goes home',
    async (returnTo) => {
      const path = `/sso/language?to=ja&return_to=${encodeURIComponent(returnTo)}`
      expect(await testApp().browser().post(path)).toRedirectTo(`${baseUrl}/`)
    },
  )

  it('error, in Japanese, is a page and JSON in Japanese', async () => {
    const browser = testApp().browser()
    const page = await browser.get('/nowhere').set('accept-language', 'ja')
    expect(page.text).toContain('ページが見つかりません')
    const json = await browser.get('/nowhere').set({ 'accept-language': 'ja', accept: 'application/json' })
    expect(json.body.error).toMatchObject({
      code: 'not_found',
      message: 'このアドレスにはページがありません。',
    })
  })

  it('sign-in, in Japanese, passes it on to Logto, unless the link says another', async () => {
    const browser = testApp().browser()
    await browser.post('/sso/language?to=ja')
    expect((await startSignIn(browser)).get('ui_locales')).toBe('ja')
    expect((await startSignIn(browser, '/sign-in?ui_locales=fr')).get('ui_locales')).toBe('fr')
  })
})
