import express, { type RequestHandler } from 'express'
import { parse } from 'node-html-parser'
import { pino } from 'pino'
import supertest from 'supertest'
import { describe, expect, it, vi } from 'vitest'
import { composeSingleSignOn } from '../../src/sso/compose.ts'
import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'
import { FakeLogto, paths } from '../../src/testing/fake-logto.ts'
import { hang } from '../../src/testing/logto-answers.ts'
import { baseUrl, signedInApp, signIn, testApp, testConfig } from '../support/app.ts'

describe('home page', () => {
  it('home, a stranger, offers to sign in and says so', async () => {
    const { text, status, headers } = await testApp().browser().get('/')
    expect(status).toBe(200)
    expect(headers).not.toHaveProperty('set-cookie')
    expect(text).toContain('data-signed-in="false"')
    expect(text).toContain('href="http://app.test/sign-in"')
    expect(text).not.toContain('/sign-out"')
  })

  it.each([
    ['SignIn', false],
    ['SignInAndRegister', true],
    ['Register', true],
  ])(
    'home, a stranger where Logto has the sign-in mode %s, is offered an account: %s',
    async (mode, offered) => {
      const logto = new FakeLogto()
      let answered = 0
      logto.break(paths.experience, async () => {
        answered += 1
        return Response.json({ signInMode: mode, ssoConnectors: [] })
      })
      const browser = testApp({ logto }).browser()
      const link = async () => (await browser.get('/')).text.includes('href="http://app.test/sign-up"')
      await vi.waitFor(async () => expect(await link()).toBe(offered))
      for (let page = 0; page < 3; page++) expect(await link()).toBe(offered)
      expect(answered).toBe(1)
    },
  )

  it('home, a stranger while Logto says nothing, is shown at once and offers what it can', async () => {
    const logto = new FakeLogto()
    logto.break(paths.experience, hang)
    const { text } = await testApp({ logto }).browser().get('/')
    expect(text).toContain('href="http://app.test/sign-up"')
  })

  it.each(['/', '/profile', '/organizations', '/sessions', '/nowhere'])(
    'header, on %s, says who is signed in and has a menu to sign out',
    async (path) => {
      const { browser } = await signedInApp()
      const { text } = await browser.get(path).set('accept', 'text/html')
      expect(text).toContain('data-signed-in="true"')
      const header = parse(text).querySelector('header')
      expect(header?.querySelector('[popovertarget=account]')?.textContent).toContain('Erin Employee')
      expect(header?.querySelector('#account[popover] a')?.getAttribute('href')).toBe(`${baseUrl}/sign-out`)
    },
  )

  it.each([
    [{ name: null, username: null }, 'employee@acme.example'],
    [{ name: null, username: 'erin' }, 'erin'],
    [{ name: null, username: null, email: null }, 'user-1'],
    [{ name: '<b>Erin</b>' }, '&lt;b&gt;Erin&lt;/b&gt;'],
  ])('home, claims %o, are named as best they can', async (claims, shown) => {
    const test = testApp()
    const browser = test.browser()
    await signIn(browser, test, '/sign-in', { claims })
    expect((await browser.get('/')).text).toContain(`<h1>Welcome, ${shown}</h1>`)
  })
})

describe('error pages', () => {
  it('error, no such page, is a 404 in the same dress', async () => {
    const response = await testApp().browser().get('/nowhere?<script>')
    expect(response).toBeErrorPage(404)
    expect(response.text).toContain('/sso/assets/style.css')
    expect(response.text).not.toContain('<script>')
  })

  it('error, a path that cannot be decoded, is a 404', async () => {
    expect(await testApp().browser().get('/%E0%A4%A')).toBeErrorPage(404)
  })

  it.each([
    ['application/json', 'json'],
    ['application/json, text/plain, */*', 'json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'html'],
    ['*/*', 'html'],
    ['image/png', 'html'],
  ])('error, accept %s, answers %s', async (accept, type) => {
    const response = await testApp().browser().get('/nowhere').set('accept', accept)
    expect(response).toMatchObject({ status: 404, type: type === 'json' ? 'application/json' : 'text/html' })
    if (type === 'json') {
      expect(response.body).toEqual({
        error: {
          code: 'not_found',
          message: 'There is no page at this address.',
          reference: expect.stringMatching(/^[0-9a-f]{10}$/),
        },
      })
    }
  })
})

describe('the error handler', () => {
  const failing = (handler: RequestHandler) => {
    const config = testConfig()
    const sso = composeSingleSignOn(config, {
      logger: pino({ level: 'silent' }),
      backend: memoryBackend(config.sessions),
      fetch: new FakeLogto().fetch,
      errors: 'all',
    })
    return supertest(express().use(sso.routes, handler).use(sso.errors)).get('/')
  }

  it.each([
    [503, 500],
    [200, 500],
    [413, 413],
  ])('error, thrown with status %i by something else, answers %i', async (status, answered) => {
    const response = await failing(() => {
      throw Object.assign(new Error('from a parser'), { status })
    })
    expect(response.status).toBe(answered)
    expect(response.text).not.toContain('from a parser')
  })

  it('error, thrown when the answer is under way, breaks it off rather than spoil it', async () => {
    const answer = failing((_req, res) => {
      res.write('half')
      throw new Error('too late')
    })
    await expect(answer).rejects.toThrow()
  })
})
