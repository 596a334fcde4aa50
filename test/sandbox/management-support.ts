import { afterAll, beforeAll } from 'vitest'
import { type BlankSandbox, type Sandbox, startBlankSandbox } from '../../src/sandbox/index.ts'

/** An answer of an API; `body` is whatever JSON or text came, and undefined where nothing did. */
export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: JSON of a server under test, looked at by assertions only
  body: any
}

export type Send = (method: string, path: string, body?: unknown) => Promise<Answer>

/** Starts a blank sandbox around a file's tests. */
export function blankForTests(): { sandbox: BlankSandbox; logto: Send; okta: Send } {
  const context = {} as { sandbox: BlankSandbox; logto: Send; okta: Send }
  beforeAll(async () => {
    context.sandbox = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
    const { logto, okta } = context.sandbox
    const { body } = await requestToken(logto)
    context.logto = sender(`${logto.endpoint}/api`, `Bearer ${body.access_token}`)
    context.okta = sender(`${okta.orgUrl}/api/v1`, `SSWS ${okta.apiToken}`)
  })
  afterAll(() => context.sandbox.close())
  return context
}

/** Sends JSON with these credentials, or with none. */
export function sender(base: string, authorization?: string): Send {
  return async (method, path, body) =>
    answerOf(
      await fetch(path.startsWith('http') ? path : base + path, {
        method,
        headers: {
          ...(authorization && { authorization }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
}

/** The Management API of a wired sandbox's Logto, called as the sandbox's own machine. */
export async function managementOf({ tenant, logto }: Sandbox): Promise<Send> {
  const machine = tenant.applications.find(({ isAdmin }) => isAdmin)
  const { body } = await requestToken({
    endpoint: logto.endpoint,
    managementApi: 'https://default.logto.app/api',
    appId: machine?.id ?? '',
    appSecret: machine?.secrets[0]?.value ?? '',
  })
  return sender(`${logto.endpoint}/api`, `Bearer ${body.access_token}`)
}

/** Asks Logto for a token of its Management API with client_secret_post; `form` adds, changes and takes away. */
export async function requestToken(
  { endpoint, appId, appSecret, managementApi }: BlankSandbox['logto'],
  form: Record<string, string | undefined> = {},
): Promise<Answer> {
  const all = {
    grant_type: 'client_credentials',
    client_id: appId,
    client_secret: appSecret,
    resource: managementApi,
    scope: 'all',
    ...form,
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return answerOf(await fetch(`${endpoint}/oidc/token`, { method: 'POST', body: new URLSearchParams(given) }))
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    // Logto says `Created` in plain words where it has nothing else to say.
    body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text || undefined,
  }
}
