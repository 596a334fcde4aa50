import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Stack, signInThroughOkta, startStack, UserAgent } from '../support/stack.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await stack.sandbox.appIsThere()
})
afterAll(() => stack.close())

const EMPLOYEE = 'employee@acme.example'
const isIn = async (who: UserAgent) => (await who.open(`${stack.url}/`)).text.includes('You are signed in')
/** Whether somebody who signs in now is signed in afterwards. */
async function signsIn() {
  const agent = new UserAgent()
  await signInThroughOkta(agent, stack)
  return isIn(agent)
}
const person = () => {
  const found = stack.sandbox.org.users.find(({ profile }) => profile.login === EMPLOYEE)
  if (!found) throw new Error('the directory has an employee')
  return found
}

/** A button of the control room, as its page sends it. */
async function press(action: string, form: Record<string, string> = {}) {
  const { endpoint } = stack.sandbox.logto
  const response = await fetch(`${endpoint}/control/${action}`, {
    method: 'POST',
    headers: { origin: endpoint },
    body: new URLSearchParams(form),
    redirect: 'manual',
  })
  expect(response.status).toBe(303)
}

describe('people who leave at Okta', () => {
  afterEach(() => press('okta-restore', { person: person().id }))

  it('person, of whom nobody is told, stays in; restored, signs in again', async () => {
    const agent = new UserAgent()
    await signInThroughOkta(agent, stack)
    const before = stack.sandbox.leaving.deliveries.length
    await press('okta-deactivate', { person: person().id, way: 'neither', late: '0' })
    expect(await isIn(agent)).toBe(true)
    expect(stack.sandbox.leaving.deliveries).toHaveLength(before)
    await press('okta-clear-sessions', { person: person().id, way: 'both', late: '0' })
    await expect.poll(() => isIn(agent)).toBe(false)
    await press('okta-restore', { person: person().id })
    // In the very second of their end, a new sign-in is one of those that end.
    await expect.poll(() => signsIn()).toBe(true)
  })

  const acts = ['deactivate', 'suspend', 'take-away', 'clear-sessions']
  const ways = ['event-hook', 'universal-logout']
  const cases = acts.flatMap((act) => ways.map((way) => ({ act, way })))

  it.each(cases)('$act, told by $way alone, signs the person out in every browser', async ({ act, way }) => {
    await expect.poll(() => signsIn()).toBe(true)
    const [one, other] = [new UserAgent(), new UserAgent()]
    for (const agent of [one, other]) await signInThroughOkta(agent, stack)
    await press(`okta-${act}`, { person: person().id, way, late: '0' })
    for (const agent of [one, other]) await expect.poll(() => isIn(agent)).toBe(false)
    const { status, way: told } = stack.sandbox.leaving.deliveries.at(-1) ?? {}
    expect([status, told]).toEqual([204, way === 'event-hook' ? 'event hook' : 'Universal Logout'])
  })
})

describe('a second company', () => {
  it('its Okta, asserting an address of the first company, gets nobody in, and the first one only once it is gone', async () => {
    await press('second-company')
    const company = stack.sandbox.secondCompany.current()
    if (!company) throw new Error('it has been brought in')
    await expect.poll(() => signsIn()).toBe(true)
    const mallory = new UserAgent()
    await mallory.open(`${stack.url}/sign-in`)
    await mallory.click('Single Sign-On')
    await mallory.submit({ email: company.email })
    const page = await mallory.submit({ username: company.login, password: stack.password })
    expect(new URL(page.url).pathname).toBe('/callback')
    expect(page.status).toBe(403)
    expect(await isIn(mallory)).toBe(false)
    const [account] = stack.sandbox.tenant.users
    expect(account?.ssoIdentities.map(({ issuer }) => issuer)).toEqual([
      stack.sandbox.okta.issuer,
      company.okta,
    ])
    await press('second-company-forget')
    expect(await signsIn()).toBe(true)
  })
})
