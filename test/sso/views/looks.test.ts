import express from 'express'
import supertest from 'supertest'
import { expect, it } from 'vitest'
import type { Options } from '../../../src/sso/options.ts'
import { testSingleSignOn } from '../../../src/testing/test-single-sign-on.ts'

const html = { accept: 'text/html', host: 'app.test' }

function host(options: Omit<Options, 'logger'>) {
  const sso = testSingleSignOn({}, options)
  const app = express().use(sso.routes)
  app.get('/reports', sso.requireAccess(), (_req, res) => void res.send('reports'))
  return { sso, app: app.use(sso.errors) }
}

it("a host's style sheet and words, in place of the package's, are on its pages", async () => {
  const { app } = host({
    style: '/own.css',
    words: {
      en: { titles: { attempt_unknown: 'Who are you?' } },
      ja: { titles: { attempt_unknown: 'どなたですか' } },
    },
  })
  const page = (language: string) =>
    supertest(app)
      .get('/callback?state=x')
      .set({ ...html, 'accept-language': language })
  const { text } = await page('en')
  expect(text).toContain('<link rel="stylesheet" href="/own.css">')
  expect(text).toContain('<h1>Who are you?</h1>')
  expect((await page('ja')).text).toContain('<h1>どなたですか</h1>')
})

it("a host's own pages, of an error and of the question before a sign-out, get all that ours show", async () => {
  const { sso, app } = host({
    pages: {
      error: ({ t, ...page }) =>
        JSON.stringify({ ...page, way: t(`actions.${page.action?.label}`, page.action?.params) }),
      'sign-out': ({ account, url }) => `Stay, ${account?.name}? ${url('/')}`,
    },
  })
  const error = await supertest(app).get('/callback?state=x').set(html)
  expect(error.status).toBe(400)
  expect(error.headers['content-type']).toContain('text/html')
  expect(JSON.parse(error.text)).toMatchObject({
    ...{ status: 400, code: 'attempt_unknown', language: 'en', here: '/' },
    action: { href: expect.stringContaining('/sign-in'), label: 'try_again' },
    ...{ way: 'Try again', reference: expect.stringMatching(/^[\da-f]{10}$/), others: [{ label: 'home' }] },
  })
  const cookie = await sso.cookieFor({ sub: 'user-1', name: '<Erin>' })
  const asked = await supertest(app)
    .get('/sign-out')
    .set({ ...html, cookie, 'sec-fetch-site': 'cross-site' })
  expect(asked.text).toBe(`Stay, <Erin>? ${sso.links.home}`)
})
