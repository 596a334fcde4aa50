import * as oidc from 'openid-client'
import { afterAll, beforeAll } from 'vitest'
import { type Application, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import type { User } from '../../src/sandbox/logto/state/state.ts'
import { type Listening, listenOnLoopback } from '../../src/sandbox/shared/listen.ts'
import { UserAgent } from '../support/user-agent.ts'

export const EMPLOYEE = 'employee@acme.example'
export const CONTRACTOR = 'contractor@acme.example'
export const FORMER = 'former@acme.example'

/** Everything Logto has scopes for, so that claims can be seen whole. */
export const SCOPE = [
  'openid offline_access profile email phone custom_data identities roles',
  'urn:logto:scope:organizations urn:logto:scope:organization_roles',
].join(' ')

export interface LogoutDelivery {
  contentType: string | undefined
  token: string
}

/** A relying party in the app's place: it has an address for the browser to end at, and nothing of the app's. */
export class RelyingParty {
  readonly url: string
  readonly deliveries: LogoutDelivery[] = []
  /** What the back-channel logout address answers. */
  logoutStatus = 200
  readonly #server: Listening
  readonly #attempts = new Map<string, string>()
  sandbox!: Sandbox
  configuration!: oidc.Configuration

  static async start(): Promise<RelyingParty> {
    const party = new RelyingParty(await listenOnLoopback(0))
    party.#server.handle(async (req, res) => {
      if (req.url !== '/backchannel-logout') {
        res.end('<p>the app</p>')
        return
      }
      let body = ''
      for await (const chunk of req) body += chunk
      party.deliveries.push({
        contentType: req.headers['content-type'],
        token: new URLSearchParams(body).get('logout_token') ?? '',
      })
      res.writeHead(party.logoutStatus).end()
    })
    return party
  }

  private constructor(server: Listening) {
    this.#server = server
    this.url = `http://localhost:${server.port}`
  }

  async use(sandbox: Sandbox): Promise<void> {
    this.sandbox = sandbox
    const { endpoint, appId, appSecret } = sandbox.logto
    const auth = oidc.ClientSecretBasic(appSecret)
    this.configuration = await oidc.discovery(new URL(`${endpoint}/oidc`), appId, undefined, auth, {
      execute: [oidc.allowInsecureRequests],
    })
  }

  /** The address of a new authorization request, as the Logto SDK makes it. */
  async signInUrl(extra: Record<string, string> = {}): Promise<string> {
    const verifier = oidc.randomPKCECodeVerifier()
    const state = oidc.randomState()
    this.#attempts.set(state, verifier)
    return oidc.buildAuthorizationUrl(this.configuration, {
      redirect_uri: `${this.url}/callback`,
      scope: SCOPE,
      state,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      prompt: 'consent',
      ...extra,
    }).href
  }

  /** Exchanges the code the browser came back with, everything verified. */
  exchange(callbackUrl: string) {
    const url = new URL(callbackUrl)
    const state = url.searchParams.get('state') ?? ''
    const verifier = this.#attempts.get(state)
    if (!verifier) throw new Error(`no attempt with this state: ${callbackUrl}`)
    return oidc.authorizationCodeGrant(this.configuration, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      idTokenExpected: true,
    })
  }

  close(): Promise<void> {
    return this.#server.close()
  }
}

/** Starts a sandbox and a relying party around a file's tests. */
export function sandboxForTests(): { sandbox: Sandbox; app: RelyingParty } {
  const context = {} as { sandbox: Sandbox; app: RelyingParty }
  beforeAll(async () => {
    context.app = await RelyingParty.start()
    context.sandbox = await startSandbox({
      appUrl: context.app.url,
      logtoPort: 0,
      oktaPort: 0,
      apiPermissions: ['read:notes'],
    })
    await context.app.use(context.sandbox)
  })
  afterAll(async () => {
    await context.sandbox.close()
    await context.app.close()
  })
  return context
}

/** A browser at the first page of a new sign-in. */
export async function atSignIn({ app }: { app: RelyingParty }, extra?: Record<string, string>) {
  const browser = new UserAgent()
  await browser.open(await app.signInUrl(extra))
  return browser
}

/** Has something set otherwise while something is done. */
export async function having<T extends object, R>(target: T, changes: Partial<T>, act: () => R | Promise<R>) {
  const saved = Object.fromEntries(Object.keys(changes).map((name) => [name, target[name as keyof T]]))
  Object.assign(target, changes)
  try {
    return await act()
  } finally {
    Object.assign(target, saved)
  }
}

/** The account that Logto knows somebody by. */
export function userOf({ sandbox }: { sandbox: Sandbox }, sub: string | undefined): User {
  const user = sandbox.tenant.users.find(({ id }) => id === sub)
  if (!user) throw new Error(`there is no user ${sub}`)
  return user
}

/** The app's own application in Logto. */
export function applicationOf({ sandbox }: { sandbox: Sandbox }): Application {
  const application = sandbox.tenant.applications.find(({ id }) => id === sandbox.logto.appId)
  if (!application) throw new Error('the sandbox has an application')
  return application
}

/** From the sign-in page to Okta's, by typing an enterprise address. */
export async function toOkta(browser: UserAgent, email = EMPLOYEE) {
  await browser.click('Single Sign-On')
  return browser.submit({ email })
}

/** The whole enterprise journey, from the authorization request to the callback. */
export async function signInWithOkta(
  { app, sandbox }: { app: RelyingParty; sandbox: Sandbox },
  browser = new UserAgent(),
  extra: Record<string, string> = {},
) {
  await browser.open(await app.signInUrl(extra))
  await toOkta(browser)
  const page = await browser.submit({ username: EMPLOYEE, password: sandbox.password })
  return { browser, callback: page.url, tokens: await app.exchange(page.url) }
}

/** Logto's sign-out, for the app. */
export function signOutUrl({ app, sandbox }: { app: RelyingParty; sandbox: Sandbox }): string {
  const { endpoint, appId } = sandbox.logto
  const query = new URLSearchParams({ client_id: appId, post_logout_redirect_uri: `${app.url}/` })
  return `${endpoint}/oidc/session/end?${query}`
}

let names = 0

/** A new local account, signed up and signed in. */
export async function signUp(
  { app }: { app: RelyingParty },
  browser = new UserAgent(),
  extra: Record<string, string> = {},
) {
  names += 1
  const username = `person_${names}`
  const password = 'a local password'
  await browser.open(await app.signInUrl({ first_screen: 'register', ...extra }))
  const page = await browser.submit({ username, password })
  return { browser, username, password, callback: page.url, tokens: await app.exchange(page.url) }
}
