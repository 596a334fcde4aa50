import { parse } from 'node-html-parser'
import type { Response } from 'supertest'
import { describe, expect, it, vi } from 'vitest'
import { paths } from '../../../src/testing/fake-logto.ts'
import { down } from '../../../src/testing/logto-answers.ts'
import {
  type Browser,
  baseUrl,
  callbackPath,
  signedInApp,
  startSignIn,
  stateOf,
  type TestApp,
  testApp,
} from '../../support/app.ts'

const acme = { id: 'acme-1', name: 'Acme & Co', issuer: 'https://acme.okta.test', domains: ['acme.test'] }
const settings = { SSO_CONNECTORS: JSON.stringify([acme]) }

/** The ways on that an error page offers, by what they are. */
function linksOf({ text }: Response): Record<string, string | undefined> {
  const links = parse(text).querySelectorAll('[data-way]')
  return Object.fromEntries(links.map((link) => [link.getAttribute('data-way'), link.getAttribute('href')]))
}

/** Begins a sign-in and comes back from Logto with an error, or with what else is given. */
async function failed(path: string, answer: Record<string, string> = { error: 'access_denied' }) {
  const test = testApp({ settings })
  const browser = test.browser()
  const asked = await startSignIn(browser, path)
  const state = asked.get('state') ?? ''
  return { test, browser, asked, state, response: await browser.get(callbackPath({ ...answer, state })) }
}

/** What Logto is asked for that is not made anew for each attempt. */
function lasting(parameters: URLSearchParams) {
  const { state: _, code_challenge: __, ...rest } = Object.fromEntries(parameters)
  return rest
}

const long = `${'é'.repeat(300)}@acme.test`

/** How somebody begins, and how they begin again. */
const ways: Array<[string, string]> = [
  ['/sign-in', '/sign-in'],
  ['/sign-in?return_to=/deep?a=b%26c', '/sign-in?return_to=%2Fdeep%3Fa%3Db%26c'],
  ['/sign-in/acme-co', '/sign-in/acme-co'],
  ['/sign-in/ACME-co/?return_to=/deep', '/sign-in/acme-co?return_to=%2Fdeep'],
  [`/sign-in?iss=${acme.issuer}&target_link_uri=${baseUrl}/deep`, '/sign-in/acme-co?return_to=%2Fdeep'],
  [
    `/sign-in?iss=${acme.issuer}&login_hint=erin&return_to=/deep`,
    '/sign-in/acme-co?login_hint=erin&return_to=%2Fdeep',
  ],
  ['/sign-in?login_hint=erin@acme.test', '/sign-in/acme-co?login_hint=erin%40acme.test'],
  ['/sign-in?login_hint=erin@elsewhere.test', '/sign-in?login_hint=erin%40elsewhere.test'],
  [
    '/sign-in?direct_sign_in=sso:acme-1&return_to=/deep',
    '/sign-in?direct_sign_in=sso%3Aacme-1&return_to=%2Fdeep',
  ],
  ['/sign-in?direct_sign_in=social:google', '/sign-in?direct_sign_in=social%3Agoogle'],
  ['/sign-in/acme-co?direct_sign_in=social:google', '/sign-in/acme-co?direct_sign_in=social%3Agoogle'],
  ['/sign-up?return_to=/deep', '/sign-up?return_to=%2Fdeep'],
  ['/sign-in?first_screen=reset_password&other=x', '/sign-in?first_screen=reset_password'],
  ['/sign-in?identifier=email&ui_locales=ja', '/sign-in?identifier=email&ui_locales=ja'],
  ['/sign-in?prompt=login%20consent', '/sign-in?prompt=login+consent'],
]

describe('trying again', () => {
  it.each(ways)(
    'sign-in, begun by %s, begins again by %s and asks Logto for the same',
    async (path, again) => {
      const { browser, asked, response } = await failed(path)
      const href = linksOf(response).try_again ?? ''
      expect(href).toBe(baseUrl + again)
      const askedAgain = await startSignIn(browser, href.slice(baseUrl.length))
      expect(lasting(askedAgain)).toEqual(lasting(asked))
    },
  )

  it('sign-in, that Logto was told not to ask in, has it ask', async () => {
    const { response } = await failed('/sign-in?prompt=none', { error: 'login_required' })
    expect(linksOf(response).try_again).toBe(`${baseUrl}/sign-in`)
  })

  it('sign-in, by a link longer than a state should hold, keeps its path and where it leads', async () => {
    const { response, state } = await failed(
      `/sign-in?login_hint=${encodeURIComponent(long)}&return_to=/deep`,
    )
    expect(linksOf(response).try_again).toBe(`${baseUrl}/sign-in/acme-co?return_to=%2Fdeep`)
    expect(state.length).toBeLessThan(300)
  })

  const path = '/sign-in?login_hint=erin@acme.test&return_to=/deep'
  const again = `${baseUrl}/sign-in/acme-co?login_hint=erin%40acme.test&return_to=%2Fdeep`

  it.each([
    ['an error of Logto’s', { error: 'server_error' }],
    ['another issuer', { iss: 'https://evil.test', code: 'x' }],
    ['no code', {}],
    ['a code that is refused', { code: 'bogus' }],
  ])('answer, %s, offers the same way', async (_what, answer) => {
    expect(linksOf((await failed(path, answer)).response).try_again).toBe(again)
  })

  it.each<[string, (test: TestApp) => void]>([
    ['token endpoint, down', ({ logto }) => logto.break(paths.token, down)],
    ['store, away', ({ backend }) => Object.assign(backend, { isReady: () => false })],
    [
      'store, that cannot write',
      ({ backend }) => Object.assign(backend, { create: () => Promise.reject(new Error()) }),
    ],
  ])('%s, offers the same way', async (_what, harm) => {
    const test = testApp({ settings })
    const browser = test.browser()
    const state = await stateOf(browser, path)
    harm(test)
    const response = await browser.get(callbackPath({ code: test.logto.code(), state }))
    expect(linksOf(response).try_again).toBe(again)
  })

  it('identity, proved too long ago, is proved anew in the same way', async () => {
    const test = testApp({ settings })
    const browser = test.browser()
    const state = await stateOf(browser, path)
    const code = test.logto.code({ claims: { auth_time: 1 } })
    const response = await browser.get(callbackPath({ code, state }))
    const href = linksOf(response).try_again ?? ''
    expect(href).toBe(
      `${baseUrl}/sign-in/acme-co?login_hint=erin%40acme.test&return_to=%2Fdeep&prompt=login+consent`,
    )
  })

  it('attempt, used before, offers the same way', async () => {
    const { browser, state } = await failed(path)
    const reload = await browser.get(callbackPath({ code: 'x', state }))
    expect(reload).toBeErrorPage(400)
    expect(linksOf(reload).try_again).toBe(again)
  })

  it('attempt, of another browser or too old, offers the plain way and tells nothing of the other', async () => {
    const { test, browser, state } = await failed(path)
    const ask = (who: Browser) => who.get(callbackPath({ error: 'access_denied', state }))
    const elsewhere = await ask(test.browser())
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 3601_000)
    for (const response of [elsewhere, await ask(browser)]) {
      expect(response).toBeErrorPage(400)
      expect(linksOf(response)).toEqual({ try_again: `${baseUrl}/sign-in`, home: `${baseUrl}/` })
      expect(response.text).not.toMatch(/erin|acme|deep/i)
    }
  })
})

describe('somebody who was refused', () => {
  const somebodyElse = `${baseUrl}/sign-in?return_to=%2Fdeep&prompt=login+consent`

  it.each(['/sign-in/acme-co?return_to=/deep', '/sign-in?direct_sign_in=sso:acme-1&return_to=/deep'])(
    'person, by %s, may sign in as somebody else, and end the session at Okta that let them come no further',
    async (path) => {
      const { response, browser } = await failed(path)
      expect(linksOf(response)).toMatchObject({
        somebody_else: somebodyElse,
        end_company: 'https://acme.okta.test/login/signout',
      })
      const asked = await startSignIn(browser, somebodyElse.slice(baseUrl.length))
      expect(asked.get('prompt')).toBe('login consent')
      expect(asked.has('direct_sign_in')).toBe(false)
    },
  )

  it.each([
    '/sign-in?return_to=/deep',
    '/sign-in?direct_sign_in=social:google&return_to=/deep',
    '/sign-in/acme-co?direct_sign_in=sso:other&return_to=/deep',
  ])('person, by %s, may sign in as somebody else, and is told of no Okta', async (path) => {
    const { response } = await failed(path)
    expect(linksOf(response)).toMatchObject({ somebody_else: somebodyElse })
    expect(response.text).not.toContain('/login/signout')
  })

  it('fault of Logto’s, is nobody’s refusal and offers nobody else', async () => {
    const { response } = await failed('/sign-in/acme-co', { error: 'server_error' })
    expect(Object.keys(linksOf(response))).toEqual(['try_again', 'home'])
  })

  it('links, in Japanese, are Japanese', async () => {
    const { browser } = testApp({ settings })
    const japanese = browser().set('accept-language', 'ja')
    const state = await stateOf(japanese, '/sign-in/acme-co')
    const response = await japanese.get(callbackPath({ error: 'access_denied', state }))
    expect(response.text).toContain('>Acme &amp; Co からサインアウト</a>')
  })
})

describe('an error page', () => {
  /** What a page says, and the ways on that are buttons. */
  const read = ({ text }: Response) => {
    const page = parse(text)
    return {
      said: page.querySelector('h1')?.textContent + (page.querySelector('.lead')?.textContent ?? ''),
      primary: page.querySelectorAll('main .button').map((link) => link.getAttribute('data-way')),
    }
  }

  it('refusal, for each reason that Logto gives, has words of its own and one way that stands out', async () => {
    const refusals = [
      ['access_denied'],
      ['access_denied', 'End-User aborted interaction'],
      ['access_denied', 'the user is suspended'],
      ['login_required'],
      ['interaction_required'],
      ['consent_required'],
      ['account_selection_required'],
      ['server_error'],
    ]
    const pages = await Promise.all(
      refusals.map(async ([error = '', error_description]) => {
        const { response } = await failed('/sign-in', {
          error,
          ...(error_description && { error_description }),
        })
        if (error_description) expect(response.text).not.toContain(error_description)
        return read(response)
      }),
    )
    expect(new Set(pages.map(({ said }) => said)).size).toBe(refusals.length)
    for (const { primary } of pages) expect(primary).toEqual(['try_again'])
  })

  it.each([
    ['/profile?a=1', `${baseUrl}/profile?a=1`],
    ['//evil.test/profile', undefined],
    ['/callback?code=secret&state=x', undefined],
  ])('page, %s, that cannot be shown for now, offers to try again at %s', async (path, again) => {
    const { test, browser } = await signedInApp()
    test.backend.read = () => Promise.reject(new Error('away'))
    test.backend.isReady = () => false
    const response = await browser.get(path).set('accept', 'text/html')
    if (again) expect(response).toBeErrorPage(503)
    expect(linksOf(response).try_again).toBe(
      again ?? (path.startsWith('/callback') ? `${baseUrl}/sign-in` : undefined),
    )
    expect(response.text).not.toContain('secret')
  })
})

describe('the home page, after a sign-in that did not come back', () => {
  const noticeOf = async (browser: Browser) => {
    const links = parse((await browser.get('/')).text).querySelectorAll('main .notice a')
    return links.map((link) => link.getAttribute('href'))
  }
  const end = 'https://acme.okta.test/login/signout'

  it.each(ways.filter(([, again]) => /^\/sign-in(\/acme-co(?!.*social)|\?direct_sign_in=sso)/.test(again)))(
    'page, in the browser that went straight to a company by %s, offers %s, and an end to its session',
    async (path, again) => {
      const test = testApp({ settings })
      const browser = test.browser()
      await startSignIn(browser, '/sign-in/acme-co?return_to=/earlier')
      await startSignIn(browser, path)
      expect(await noticeOf(browser)).toEqual([baseUrl + again, end])
      expect(await noticeOf(test.browser())).toEqual([])
    },
  )

  it('page, after a deep link that the headers had no room to keep for it, offers the company’s link', async () => {
    const browser = testApp({ settings }).browser()
    await startSignIn(browser, '/sign-in/acme-co?return_to=/earlier')
    const digits = Array.from({ length: 400 }, (_, number) => (number * number).toString(36)).join('')
    await startSignIn(browser, `/sign-in/acme-co?return_to=/${digits.slice(0, 1400)}`)
    expect(await noticeOf(browser)).toEqual([`${baseUrl}/sign-in/acme-co`, end])
  })

  it('page, where the sign-in begun last named no company, or came back with an answer, offers nothing', async () => {
    const test = testApp({ settings })
    const browser = test.browser()
    const asked = await startSignIn(browser, '/sign-in/acme-co')
    await browser.get(callbackPath({ error: 'access_denied', state: asked.get('state') ?? '' }))
    expect(await noticeOf(browser)).toEqual([])
    await startSignIn(browser, '/sign-in')
    expect(await noticeOf(browser)).toEqual([])
  })

  it('page, whose cookie names a company that is not known, offers nothing', async () => {
    const test = testApp({ settings })
    const browser = test.browser()
    await startSignIn(browser, '/sign-in/acme-co')
    const [cookie = ''] = (await test.browser().get('/sign-in/acme-co')).get('Set-Cookie') ?? []
    const [name] = cookie.split('=')
    const { text } = await test.browser().get('/').set('cookie', `${name}=x.nobody`)
    expect(parse(text).querySelectorAll('main .notice')).toEqual([])
  })
})
