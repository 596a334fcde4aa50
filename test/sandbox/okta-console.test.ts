import { beforeAll, describe, expect, it } from 'vitest'
import type { NewCompany } from '../../src/sandbox/index.ts'
import { UserAgent } from '../support/user-agent.ts'
import { sandboxForTests } from './support.ts'

const context = sandboxForTests()
let company: NewCompany
beforeAll(async () => {
  company = await context.sandbox.newCompany()
})

const callback = 'https://app.example/callback'

async function signedIn(username = company.administrator) {
  const browser = new UserAgent()
  await browser.open(`${company.okta}/admin/apps`)
  await browser.submit({ username, password: context.sandbox.password })
  return browser
}

/** The credentials on the page of an application. */
function shown(browser: UserAgent) {
  const textIn = (name: string) =>
    new RegExp(`data-${name}>([^<]+)<`).exec(browser.page?.body ?? '')?.[1] ?? ''
  return { id: textIn('client-id'), secret: textIn('client-secret') }
}

/** What the token endpoint says of credentials, with a code that nobody was given. */
async function judged({ id, secret }: { id: string; secret: string }): Promise<unknown> {
  const response = await fetch(`${company.okta}/oauth2/v1/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: 'none', redirect_uri: callback }),
  })
  const { error } = (await response.json()) as { error?: string }
  return error
}

const authorization = (clientId: string, redirectUri = callback) =>
  `${company.okta}/oauth2/v1/authorize?${new URLSearchParams({
    ...{ client_id: clientId, redirect_uri: redirectUri, response_type: 'code', scope: 'openid email' },
    ...{ state: 'a-state', nonce: 'a-nonce' },
  })}`

/** Where somebody ends up who signs in for an application in a browser of their own. */
async function signsIn(clientId: string, username: string): Promise<string> {
  const browser = new UserAgent()
  await browser.open(authorization(clientId))
  const fields = { username, password: context.sandbox.password }
  return browser.submitUpTo(fields, (url) => url.startsWith(callback))
}

describe('the admin console of Okta', () => {
  it('console, an application made by hand, signs its people in', async () => {
    const browser = await signedIn()
    await browser.submit({ label: 'The app', redirectUris: callback })
    const client = shown(browser)
    expect(await judged(client)).toBe('invalid_grant')
    expect(await signsIn(client.id, 'peter@initech.example')).toContain('code=')
  })

  it('console, a new secret, takes the place of the old', async () => {
    const browser = await signedIn()
    await browser.submit({ label: 'Renewed', redirectUris: callback })
    const before = shown(browser)
    await browser.open(browser.page?.url ?? '')
    await browser.send(`${browser.page?.url}/secret`)
    expect(await judged(before)).toBe('invalid_client')
    expect(await judged(shown(browser))).toBe('invalid_grant')
  })

  it('console, redirect URIs and people, can be changed', async () => {
    const browser = await signedIn()
    await browser.submit({ label: 'Changed', redirectUris: 'https://elsewhere.example/', assignment: 'skip' })
    const { id } = shown(browser)
    expect((await new UserAgent().open(authorization(id))).status).toBe(400)
    const page = browser.page?.url ?? ''
    await browser.send(`${page}/redirect-uris`, { redirectUris: callback })
    expect(await signsIn(id, company.administrator)).toContain('error=access_denied')
    const [, person = ''] = /value="(00u\w+)"> admin@/.exec(browser.page?.body ?? '') ?? []
    await browser.send(`${page}/people`, { person })
    expect(await signsIn(id, company.administrator)).toContain('code=')
    expect(await signsIn(id, 'peter@initech.example')).toContain('error=access_denied')
  })

  it('console, for whoever is no administrator or comes from another page, is closed', async () => {
    const person = await signedIn('peter@initech.example')
    expect(person.page?.status).toBe(403)
    expect(
      (await person.send(`${company.okta}/admin/apps`, { label: 'x', redirectUris: callback })).status,
    ).toBe(403)
    const foreign = await signedIn()
    const posted = await foreign.request(`${company.okta}/admin/apps`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
      body: new URLSearchParams({ label: 'x', redirectUris: callback }),
    })
    expect(posted.status).toBe(403)
  })

  it.each([
    ['no redirect URI', { label: 'x', redirectUris: ' ' }],
    ['a redirect URI that is none', { label: 'x', redirectUris: '/callback' }],
    ['no name', { label: ' ', redirectUris: callback }],
  ])('console, an application with %s, is refused with the form as it was', async (_what, fields) => {
    const browser = await signedIn()
    const page = await browser.submit(fields)
    expect(page.status).toBe(422)
    expect(page.body).toContain('role="alert"')
  })
})
