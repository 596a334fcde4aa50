import type { Server } from 'node:http'
import type { Express } from 'express'
import type { EnterpriseConnector } from '../settings/companies/connector.ts'
import type { FakeLogto } from './fake-logto.ts'

/** As much of supertest's agent as a sign-in takes. */
export interface Agent {
  get: (path: string) => Asked
}
interface Asked extends PromiseLike<{ status: number; text: string; headers: Record<string, string> }> {
  set: (headers: Record<string, string>) => Asked
}

/** Somebody who signs in: claims of their ID token (OpenID Connect Core 1.0 §5.1); `sub` is who they are. */
export interface Person {
  sub?: string
  name?: string
  email?: string
  /** The company they come from, by its name or its connector's ID in `SSO_CONNECTORS`; it is no claim. */
  company?: string
  [claim: string]: unknown
}

/** The Logto that an app talks to, and where the app takes itself to be. */
export interface Whereabouts {
  logto: FakeLogto
  /** The app's BASE_URL. */
  baseUrl: string
  /** The app's companies. */
  connectors?: readonly EnterpriseConnector[]
}

const known = new WeakMap<object, Whereabouts>()
/** Of the last single sign-on that was made for a test: most tests have one. */
let latest: Whereabouts | undefined

/** Tells `signInAs` which Logto an app talks to. @returns the app */
export function talksTo(app: Express, whereabouts: Whereabouts): Express {
  known.set(app, whereabouts)
  return app
}

/** The same for whatever app takes the single sign-on that was just made. */
export function whoeverTalksTo(whereabouts: Whereabouts): void {
  latest = whereabouts
}

/**
 * Signs an agent of supertest's in, by a whole sign-in: attempt, callback, tokens, session. What it asks for next, it
 * asks for as this person.
 *
 * @param agent `supertest.agent(app)`, of an app whose single sign-on `testSingleSignOn` has made; its BASE_URL is on
 *   http, since supertest is and sends no Secure cookies there
 * @param person who signs in; Erin of the sandbox's company unless told otherwise
 * @throws where the sign-in does not succeed
 */
export async function signInAs(agent: Agent, person: Person = {}): Promise<void> {
  const [app] = (agent as unknown as { app: Server }).app.listeners('request')
  const whereabouts = (app && known.get(app)) ?? latest
  if (!whereabouts)
    throw new Error('signInAs knows no Logto: make the single sign-on with testSingleSignOn()')
  const { logto, baseUrl, connectors } = whereabouts
  if (baseUrl.startsWith('https:'))
    throw new Error(
      `signInAs cannot sign in at ${baseUrl}: supertest speaks http, where no Secure cookie is sent. Give testSingleSignOn a BASE_URL on http, or use cookieFor`,
    )
  const { host, pathname } = new URL(`${baseUrl}/`)
  const begun = await agent.get(`${pathname}sign-in`).set({ host, accept: 'text/html' })
  const state = new URL(begun.headers.location ?? '', baseUrl).searchParams.get('state') ?? ''
  const query = new URLSearchParams({
    iss: String(logto.metadata.issuer),
    code: logto.code({ claims: claimsOf(person, connectors) }),
    state,
  })
  const finished = await agent.get(`${pathname}callback?${query}`).set({ host, accept: 'text/html' })
  if (finished.status !== 303) throw new Error(`the sign-in ended with ${finished.status}: ${finished.text}`)
}

/**
 * The claims of somebody. Who comes from a company has an identity there, and an address of its domain unless they have
 * one already.
 *
 * @throws where there is no such company
 */
export function claimsOf({ company, ...claims }: Person, connectors: readonly EnterpriseConnector[] = []) {
  if (company === undefined) return claims
  const known = connectors.find(({ id, name }) => id === company || name === company)
  if (!known) throw new Error(`SSO_CONNECTORS has no company “${company}”`)
  const {
    issuer,
    domains: [domain],
  } = known
  const { sub = 'user-1', email = domain && `${sub}@${domain}` } = claims
  return { email, sso_identities: [{ issuer, identityId: sub, detail: { email } }], ...claims }
}
