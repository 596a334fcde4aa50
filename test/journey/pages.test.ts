import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Stack, signInThroughOkta, startStack, UserAgent } from '../support/stack.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const open = (agent: UserAgent, path: string) => agent.open(stack.url + path)

async function employee() {
  const agent = new UserAgent()
  await signInThroughOkta(agent, stack)
  return agent
}

/** An access token for the notes, asked for by a script with its own credentials. */
async function scriptToken(scope = 'read:notes') {
  const { script, logto, apiResource } = stack.sandbox
  const response = await fetch(`${logto.endpoint}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${script.appId}:${script.appSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: apiResource, scope }),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

const notes = (token: string) =>
  fetch(`${stack.url}/api/notes`, { headers: { authorization: `Bearer ${token}` } })

describe('profile and organizations', () => {
  it('employee, on their profile, sees Okta, their role and their organization', async () => {
    const { text } = await open(await employee(), '/profile')
    expect(text).toContain('Erin Moore')
    expect(text).toContain('Okta Acme (company account)')
    for (const words of [
      'Roles Express app API access',
      'Organizations Acme',
      'sso_identities',
      'organization_data',
    ]) {
      expect(text).toContain(words)
    }
    expect(text).not.toContain('custom_data')
  })

  it('local account, on its profile, is told from a company’s', async () => {
    const agent = new UserAgent()
    await open(agent, '/sign-up')
    await agent.submit({ username: 'a_local_person', password: 'a local password' })
    const { text } = await open(agent, '/profile')
    expect(text).toContain('Signs in with Account at the sign-in service')
    expect(text).toContain('Organizations None')
    expect((await open(agent, '/organizations')).text).toContain('not a member of any organization')
  })

  it('employee, asking for the token of their organization, sees its claims', async () => {
    const agent = await employee()
    await open(agent, '/organizations')
    const { text, body } = await agent.submit({ organization: 'acme' })
    expect(text).toContain('aud urn:logto:organization:acme')
    expect(body).not.toContain('eyJ')
    expect((await agent.submit({ organization: 'globex' })).status).toBe(404)
  })
})

describe('the API', () => {
  it('script, with a token of its own, reads notes', async () => {
    const token = await scriptToken()
    expect(decodeJwt(token)).toMatchObject({ aud: stack.sandbox.apiResource, scope: 'read:notes' })
    const response = await notes(token)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ sub: stack.sandbox.script.appId, by: 'token' })
  })
})
