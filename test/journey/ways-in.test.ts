import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Stack, signInThroughOkta, startStack, UserAgent } from '../support/stack.ts'

const employee = 'employee@acme.example'
const contractor = 'contractor@acme.example'

let stack: Stack
let agent: UserAgent

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())
beforeEach(() => {
  agent = new UserAgent()
})

const okta = () => stack.sandbox.okta.issuer
const atOkta = (username = employee) => agent.submit({ username, password: stack.password })

async function signInAtOkta(username = employee) {
  await agent.open(`${okta()}/`)
  return atOkta(username)
}

/** Presses the button of Logto's sign-out page, which its script presses in a browser. */
async function signOut() {
  await agent.open(`${stack.url}/sign-out`)
  return agent.submit({ logout: 'yes' })
}

describe("the tile on Okta's dashboard", () => {
  it('tile, clicked by somebody signed in at Okta, is the last click', async () => {
    expect((await signInAtOkta()).text).toContain('Express app')
    const page = await agent.click(/Express app/)
    expect(page.url).toBe(`${stack.url}/`)
    expect(page.body).toContain('data-signed-in="true"')
    expect(page.text).toContain(employee)
    expect(page.hops[1]).toBe(`${stack.url}/sign-in?iss=${encodeURIComponent(okta())}`)
  })

  it('tile, with no session at Okta, has Okta ask once and then goes all the way', async () => {
    const page = await agent.open(`${stack.url}/sign-in?iss=${okta()}&target_link_uri=${stack.url}/deep`)
    expect(page.url).toContain(okta())
    expect((await atOkta()).url).toBe(`${stack.url}/deep`)
  })

  it('tile, opened from a bookmark, leads by way of Okta’s sign-in page to the app', async () => {
    const [app] = stack.sandbox.org.apps
    await agent.open(`${okta()}/home/oidc_client/${app?.id}`)
    expect((await atOkta()).body).toContain('data-signed-in="true"')
  })

  it('tile, clicked by another than the app and Logto know, signs in whoever is at Okta now', async () => {
    await agent.open(`${stack.url}/sign-up`)
    const { text } = await agent.submit({ username: 'tile_person', password: 'Long-enough-1!' })
    expect(text).toContain('tile_person')
    await signInAtOkta()
    await agent.click(/Express app/)
    // Logto ends the other's session first, by a form that its script sends in a browser.
    const page = agent.page?.url.startsWith(stack.url) ? agent.page : await agent.submit({ logout: 'yes' })
    expect(page?.url).toBe(`${stack.url}/`)
    expect(page?.text).toContain(employee)
  })

  it('dashboard, of somebody not assigned, has no tile and lets none be guessed', async () => {
    expect((await signInAtOkta(contractor)).text).toContain('No app is assigned to you')
    const [app] = stack.sandbox.org.apps
    const page = await agent.open(`${okta()}/home/oidc_client/${app?.id}`)
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('not assigned')])
  })
})

describe('email first', () => {
  it('email, of the company, in any case, goes straight to its Okta', async () => {
    await agent.open(`${stack.url}/`)
    const page = await agent.submit({ login_hint: 'Employee@ACME.example' })
    expect(page.url).toContain(okta())
    expect((await atOkta()).body).toContain('data-signed-in="true"')
  })

  it('email, of nobody’s company, stays at Logto with the name filled in', async () => {
    await agent.open(`${stack.url}/`)
    const page = await agent.submit({ login_hint: 'somebody@elsewhere.example' })
    expect(page.text).toContain('Sign in to your account')
    expect(page.body).toContain('value="somebody@elsewhere.example"')
  })
})

describe('a person whom Okta refuses', () => {
  it('person, at Logto’s page that leads nowhere, goes back to the app and signs in as who is let in', async () => {
    await agent.open(`${stack.url}/sign-in/okta-acme?return_to=/profile`)
    const refused = await atOkta(contractor)
    expect(refused.url).toContain(`${stack.sandbox.logto.endpoint}/sign-in`)
    expect(refused.body).not.toContain(stack.url)
    await agent.open(`${okta()}/login/signout`)
    const page = await agent.open(`${stack.url}/sign-in/okta-acme?return_to=/profile`)
    expect(page.url).toContain(okta())
    expect((await atOkta()).url).toBe(`${stack.url}/profile`)
  })
})

describe('after signing out', () => {
  it('notice, once Okta is ended too, leaves nobody known anywhere', async () => {
    await signInThroughOkta(agent, stack)
    expect((await signOut()).text).toContain('Sign out of Okta Acme too')
    expect((await agent.newTab().open(`${stack.url}/sign-in/okta-acme`)).body).toContain(
      'data-signed-in="true"',
    )
    await signOut()
    expect((await agent.click('Sign out of Okta Acme too')).url).toContain(`${okta()}/login/login.htm`)
    const page = await agent.open(`${stack.url}/sign-in/okta-acme`)
    expect(page.url).toContain(okta())
    expect(page.body).toContain('type="password"')
  })

  it('somebody else, while Logto still knows the first, is asked and not let in as them', async () => {
    await signInThroughOkta(agent, stack)
    expect((await agent.open(`${stack.url}/sign-in`)).body).toContain('data-signed-in="true"') // unasked
    const page = await agent.open(`${stack.url}/sign-in?prompt=login%20consent`)
    expect(page.text).toContain('Sign in to your account')
  })
})
