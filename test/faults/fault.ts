import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import {
  fromText,
  type SignedIn,
  type StoredSession,
  sidOf as sidIn,
} from '../../src/sso/session/session-data.ts'
import { UserAgent } from '../support/user-agent.ts'
import type { Stage } from './stage.ts'

/** One row of the table: what happens, and what must hold all the same. */
export interface Fault {
  fault: string
  holds: string
  /** Of the app, where the ordinary ones will not do. */
  settings?: Record<string, string>
  /** Whether the row leaves its stage in a state that no other row should find. */
  alone?: boolean
  run: (stage: Stage) => Promise<void>
}

export const email = 'employee@acme.example'

/** One request as a page visit, no redirect followed. */
export async function visit(agent: UserAgent, url: string, init: RequestInit = {}) {
  const response = await agent.request(url, init)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** What the home page says to this browser. */
export async function isSignedIn(stage: Stage, agent: UserAgent): Promise<boolean> {
  const { text } = await visit(agent, `${stage.url}/`)
  return text.includes('data-signed-in="true"')
}

export async function expectSignedIn(stage: Stage, ...agents: UserAgent[]): Promise<void> {
  for (const agent of agents) expect(await isSignedIn(stage, agent)).toBe(true)
}

export async function expectSignedOut(stage: Stage, ...agents: UserAgent[]): Promise<void> {
  for (const agent of agents) expect(await isSignedIn(stage, agent)).toBe(false)
}

/** What is kept of a session. */
export async function rowOf(stage: Stage, id: string): Promise<StoredSession | undefined> {
  const text = await stage.redis.get(stage.rowKey(id))
  return text === undefined ? undefined : fromText(text)
}

/** The only session there is. */
export async function onlySession(stage: Stage): Promise<string> {
  const [id = '', ...others] = await stage.sessions()
  expect(others).toEqual([])
  expect(id).not.toBe('')
  return id
}

/** A browser whose access token has run out. */
export async function staleAgent(stage: Stage): Promise<UserAgent> {
  stage.sandbox.control.shortenTokens(1)
  const agent = await stage.signedIn()
  const id = await onlySession(stage)
  const { freshUntil } = (await rowOf(stage, id)) ?? {}
  await expect.poll(() => Date.now()).toBeGreaterThan(Number(freshUntil))
  // What comes next shall not run out in the middle of a row.
  stage.sandbox.control.shortenTokens(3600)
  return agent
}

/** How often Logto was asked to renew tokens. */
export function renewals({ sandbox }: Stage): number {
  return sandbox.control.tokenRequests.filter(({ grantType }) => grantType === 'refresh_token').length
}

/** Logto's ID of the person who signs in in these tests. */
export function personOf({ sandbox }: Stage): string {
  return sandbox.tenant.users.find(({ primaryEmail }) => primaryEmail === email)?.id ?? ''
}

/** Has the application do without the session in logout tokens meanwhile: only then Logto names the person alone. */
export async function endByPerson(stage: Stage): Promise<number | undefined> {
  const application = stage.sandbox.tenant.applications.find(({ id }) => id === stage.sandbox.logto.appId)
  const metadata = application?.oidcClientMetadata ?? {}
  Object.assign(metadata, { backchannelLogoutSessionRequired: false })
  try {
    return (await stage.sandbox.control.backchannelLogout({ sub: personOf(stage) })).status
  } finally {
    Object.assign(metadata, { backchannelLogoutSessionRequired: true })
  }
}

/** Logto's name for the session of a browser. */
export async function sidOf(stage: Stage, id: string): Promise<string> {
  return sidIn((await rowOf(stage, id)) as SignedIn) ?? ''
}

/** Everything that was logged until now, once it has come through the pipes. */
export async function settledLogs({ processes, logs }: Stage): Promise<Record<string, unknown>[]> {
  const marker = `/marker-${randomUUID()}`
  const running = processes.filter(({ child }) => child.exitCode === null && child.signalCode === null)
  for (const { port, logs: lines } of running) {
    await fetch(`http://127.0.0.1:${port}${marker}`)
    await expect.poll(() => JSON.stringify(lines.at(-1)), { interval: 10 }).toContain(marker)
  }
  return logs()
}

/** The audit lines of one kind. */
export async function audits(stage: Stage, kind: string): Promise<Record<string, unknown>[]> {
  return (await settledLogs(stage)).filter(({ audit }) => audit === kind)
}

/** The address of the callback that a sign-in is about to end at, in a browser that has done all but that. */
export async function upToCallback(stage: Stage): Promise<{ agent: UserAgent; callback: string }> {
  const agent = new UserAgent()
  await agent.open(`${stage.url}/sign-in?return_to=/profile`)
  await agent.click('Single Sign-On')
  await agent.submit({ email })
  const callback = await agent.submitUpTo({ username: email, password: stage.sandbox.password }, (url) =>
    url.startsWith(`${stage.url}/callback`),
  )
  return { agent, callback }
}
