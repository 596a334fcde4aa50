import { ACCOUNTS, fillDirectory } from './company.ts'
import { createLogtoApp } from './logto/server.ts'
import { createTenant, type Tenant } from './logto/state.ts'
import { createOktaApp } from './okta/server.ts'
import { createOrg, type Org } from './okta/state.ts'
import { type Listening, listenOnLoopback } from './shared/listen.ts'
import { typablePassword } from './shared/random.ts'
import { wire } from './wiring.ts'

export type { Application, SsoConnector, Tenant, User } from './logto/state.ts'
export type { OktaApp, OktaUser, Org } from './okta/state.ts'

export interface SandboxOptions {
  /** The app's BASE_URL: no slash at its end, a path allowed. */
  appUrl: string
  /** 0 for any free port. */
  logtoPort: number
  /** 0 for any free port. */
  oktaPort: number
}

export interface Sandbox {
  logto: { endpoint: string; appId: string; appSecret: string }
  okta: { issuer: string }
  /** The one password of every account in the directory, made at start. */
  password: string
  accounts: ReadonlyArray<{ email: string; shows: string }>
  /** Logto's state, live: what is changed here counts from the next request on. */
  tenant: Tenant
  /** Okta's state, live. */
  org: Org
  /** Stops both servers at once, open connections included. */
  close(): Promise<void>
}

/**
 * Starts a Logto and an Okta on loopback, wired to each other and to the app.
 *
 * @throws in production; and the listen error (`code`, `port`) when a port is taken, with nothing left listening
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  if (process.env.NODE_ENV === 'production') {
    throw new Error('The sandbox is for development and does not start with NODE_ENV=production.')
  }
  const open: Listening[] = []
  const close = async () => {
    await Promise.all(open.map((listening) => listening.close()))
  }
  try {
    const listen = async (port: number) => {
      const listening = await listenOnLoopback(port)
      open.push(listening)
      return { listening, url: `http://localhost:${listening.port}` }
    }
    const logto = await listen(options.logtoPort)
    const okta = await listen(options.oktaPort)

    const tenant = createTenant()
    const org = createOrg()
    const password = typablePassword()
    await fillDirectory(org, password)
    logto.listening.handle(await createLogtoApp(logto.url, tenant))
    okta.listening.handle(await createOktaApp(okta.url, org))
    const application = wire(tenant, org, {
      appUrl: options.appUrl,
      logtoEndpoint: logto.url,
      oktaIssuer: okta.url,
    })

    return {
      logto: { endpoint: logto.url, appId: application.id, appSecret: application.secret },
      okta: { issuer: okta.url },
      password,
      accounts: ACCOUNTS,
      tenant,
      org,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
