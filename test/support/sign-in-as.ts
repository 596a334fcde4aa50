import type { Server } from 'node:http'
import type { Express } from 'express'
import type supertest from 'supertest'
import type { FakeLogto } from './fake-logto.ts'

type Agent = ReturnType<typeof supertest.agent>

/** Somebody who signs in: claims of their ID token (OpenID Connect Core 1.0 §5.1); `sub` is who they are. */
export interface Account {
  sub?: string
  name?: string
  email?: string
  [claim: string]: unknown
}

interface Surroundings {
  logto: FakeLogto
  /** The app's BASE_URL. */
  baseUrl: string
}

const surroundings = new WeakMap<object, Surroundings>()

/** Tells `signInAs` which Logto an app talks to, and where it takes itself to be. @returns the app */
export function talksTo(app: Express, surroundingsOfIt: Surroundings): Express {
  surroundings.set(app, surroundingsOfIt)
  return app
}

/**
 * Signs an agent of supertest's in, by a whole sign-in: attempt, callback, tokens, session. What it asks for next, it
 * asks for as this person.
 *
 * @param agent `supertest.agent(app)`, of an app that `talksTo` was told of; its BASE_URL is on http, since supertest is
 *   and sends no Secure cookies there
 * @param account who signs in; Erin of the sandbox's company unless told otherwise
 * @throws where the sign-in does not succeed
 */
export async function signInAs(agent: Agent, account: Account = {}): Promise<void> {
  const [app] = (agent as unknown as { app: Server }).app.listeners('request')
  const known = app && surroundings.get(app)
  if (!known) throw new Error('signInAs knows no Logto of this app: wrap it in talksTo(app, …)')
  const { logto, baseUrl } = known
  const { host, pathname } = new URL(`${baseUrl}/`)
  const begun = await agent.get(`${pathname}sign-in`).set({ host, accept: 'text/html' })
  const state = new URL(begun.headers.location ?? '', baseUrl).searchParams.get('state') ?? ''
  const query = new URLSearchParams({
    iss: String(logto.metadata.issuer),
    code: logto.code({ claims: account }),
    state,
  })
  const finished = await agent.get(`${pathname}callback?${query}`).set({ host, accept: 'text/html' })
  if (finished.status !== 303) throw new Error(`the sign-in ended with ${finished.status}: ${finished.text}`)
}
