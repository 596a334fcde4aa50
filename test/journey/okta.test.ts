import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Stack, signInThroughOkta, startStack, UserAgent } from '../support/stack.ts'

let stack: Stack
let agent: UserAgent

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())
beforeEach(() => {
  agent = new UserAgent()
})

const home = async (who: UserAgent) => (await who.open(`${stack.url}/`)).body

/** Presses the button of Logto's sign-out page, which its script presses in a browser. */
async function signOut(who: UserAgent) {
  await who.open(`${stack.url}/`)
  await who.click('Sign out')
  return who.submit({ logout: 'yes' })
}

describe('sign in with Okta', () => {
  it('journey, an employee, comes back signed in', async () => {
    await agent.open(`${stack.url}/`)
    await agent.click('Sign in another way')
    expect(agent.page?.text).toContain('Sign in to your account')
    await agent.click('Single Sign-On')
    expect(agent.page?.text).toContain('Enter your enterprise email address')
    await agent.submit({ email: 'Employee@ACME.example' })
    expect(agent.page?.url).toContain(stack.sandbox.okta.issuer)
    await agent.submit({ username: 'employee@acme.example', password: stack.password })
    expect(agent.page?.url).toBe(`${stack.url}/`)
    expect(agent.page?.body).toContain('data-signed-in="true"')
    expect(agent.page?.text).toContain('employee@acme.example')
  })

  it('journey, a deep link, comes back to it', async () => {
    const page = await signInThroughOkta(agent, stack, { path: '/sign-in?return_to=/deep?a=b%26c' })
    expect(page.url).toBe(`${stack.url}/deep?a=b&c`)
    expect(page.status).toBe(404)
    expect(await home(agent)).toContain('data-signed-in="true"')
  })

  it('journey, sign-in options, reach Logto', async () => {
    const { endpoint } = stack.sandbox.logto
    expect((await agent.open(`${stack.url}/sign-up`)).url).toContain(`${endpoint}/register`)
    const sso = await agent.open(`${stack.url}/sign-in?first_screen=single_sign_on`)
    expect(sso.url).toContain(`${endpoint}/single-sign-on`)
    const connector = stack.sandbox.tenant.ssoConnectors[0]?.id
    const direct = await agent.open(`${stack.url}/sign-in?direct_sign_in=sso:${connector}`)
    expect(direct.url).toContain(stack.sandbox.okta.issuer)
  })

  it('journey, a local account, signs up and in again', async () => {
    await agent.open(`${stack.url}/sign-up`)
    const page = await agent.submit({ username: 'local_person', password: 'Long-enough-1!' })
    expect(page.text).toContain('Welcome, local_person')
    await signOut(agent)
    expect(await home(agent)).toContain('data-signed-in="false"')
    await agent.open(`${stack.url}/sign-in`)
    const again = await agent.submit({ username: 'local_person', password: 'Long-enough-1!' })
    expect(again.text).toContain('Welcome, local_person')
  })
})

describe('sign out', () => {
  it('sign-out, an employee, ends the session here and at Logto and comes home', async () => {
    await signInThroughOkta(agent, stack)
    const page = await signOut(agent)
    expect(page.url).toBe(`${stack.url}/`)
    expect(page.body).toContain('data-signed-in="false"')
    const next = await agent.open(`${stack.url}/sign-in`)
    expect(next.text).toContain('Sign in to your account')
  })
})

describe('three tabs', () => {
  const openEach = async () => {
    const tabs = [0, 1, 2].map(() => agent.newTab())
    for (const [number, tab] of tabs.entries()) {
      await tab.open(`${stack.url}/sign-in?return_to=/tab-${number}`)
    }
    return tabs
  }

  it('tabs, of which Logto knows the last alone, sign in there, and the others by their links again', async () => {
    const [first, , last] = await openEach()
    await last?.click('Single Sign-On')
    await last?.submit({ email: 'employee@acme.example' })
    await last?.submit({ username: 'employee@acme.example', password: stack.password })
    expect(last?.page?.url).toBe(`${stack.url}/tab-2`)
    expect((await first?.click('Single Sign-On'))?.text).toContain('Session not found')
    expect((await first?.open(`${stack.url}/sign-in?return_to=/tab-0`))?.url).toBe(`${stack.url}/tab-0`)
  })
})

describe('what is said about it', () => {
  it('log, every journey above, holds no token, code, cookie, password or secret', async () => {
    await signInThroughOkta(agent, stack)
    const output = JSON.stringify(stack.logs)
    expect(output.length).toBeGreaterThan(1000)
    for (const cookie of (await agent.cookieHeader(stack.url)).split('; ')) {
      const value = cookie.slice(cookie.indexOf('=') + 1)
      if (value.length > 8) expect(output).not.toContain(value)
    }
    expect(output).not.toContain(stack.password)
    expect(output).not.toContain(stack.sandbox.logto.appSecret)
    expect(output).not.toMatch(/eyJ|code=|state=/)
  })
})
