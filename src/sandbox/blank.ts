import { givenSettings } from '../settings/parse.ts'
import { hasProductionRules } from '../settings/values/environment-name.ts'
import { type Company, startCompanies } from './companies/start-companies.ts'
import { ACCOUNTS, type Account, DOMAIN, fillDirectory, GROUP, NOTES_API } from './company.ts'
import type { PortalInvitation, SecondCompanyHandle } from './control-room/section.ts'
import type { SandboxControl } from './logto/control/control.ts'
import { createLogtoApp } from './logto/server.ts'
import { addApplication, firstSecretOf } from './logto/state/applications.ts'
import { MANAGEMENT_API } from './logto/state/management-api.ts'
import { createTenant, type Tenant } from './logto/state/state.ts'
import { type NewCompany, startNewCompany } from './new-company.ts'
import type { Leaving } from './okta/leaving/leave.ts'
import { createOktaApp } from './okta/server.ts'
import { createOrg, type Org } from './okta/state.ts'
import { type SecondCompany, startSecondCompany } from './second-company.ts'
import { seedPeople } from './seed-people.ts'
import { createCallLog } from './shared/call-log.ts'
import { type Listening, listenOnLoopback } from './shared/listen.ts'
import { createLoginHints } from './shared/login-hints.ts'
import { secret, typablePassword } from './shared/random.ts'

export interface BlankSandboxOptions {
  /** What members of an organization may do at the app's API; nothing, if left out. */
  apiPermissions?: readonly string[]
  /** 0 for any free port. */
  logtoPort: number
  /** 0 for any free port. */
  oktaPort: number
  /** Whether there are companies with other providers, too. */
  companies?: boolean
}

export interface BlankSandbox {
  logto: {
    endpoint: string
    /** The resource indicator to ask an access token for. */
    managementApi: string
    /** The machine-to-machine application that may use the Management API. */
    appId: string
    appSecret: string
  }
  /** The identifier that the app best has as an API resource. */
  apiResource: string
  okta: { orgUrl: string; issuer: string; apiToken: string }
  /** The email domain of everybody in the directory. */
  domain: string
  /** The group in the directory that an app is best assigned to. */
  group: string
  /** The one password of every account in the directory, made at start. */
  password: string
  accounts: readonly Account[]
  /** These, and whom one can sign in as at the other companies. */
  everybody: readonly Account[]
  /** Logto's state, live: what is changed here counts from the next request on. */
  tenant: Tenant
  /** Okta's state, live. */
  org: Org
  /** Has Logto misbehave. Its page for the same is the root of Logto's address. */
  control: SandboxControl
  /** Another company at the same Logto, whose Okta gives out an address of the first one. */
  secondCompany: SecondCompanyHandle
  /** Companies whose providers are no Okta, where they are wanted. */
  companies: readonly Company[]
  /** A company that nobody has connected yet; a second time, it is there already. */
  newCompany(): Promise<NewCompany>
  /** Shows an invitation in the control room. */
  showInvitation: (invitation: PortalInvitation) => void
  /** Has people leave Okta, and the app told of it. */
  leaving: Leaving
  /** Stops both servers at once, open connections included. */
  close(): Promise<void>
}

/**
 * Starts a Logto and an Okta on loopback as they are on their first day: a tenant with the one application that may
 * manage it, and an org with its people and a token. Neither knows of the other.
 *
 * @throws in production; and the listen error (`code`, `port`) when a port is taken, with nothing left listening
 */
export async function startBlankSandbox({
  apiPermissions = [],
  logtoPort,
  oktaPort,
  companies: wanted = false,
}: BlankSandboxOptions): Promise<BlankSandbox> {
  const { NODE_ENV } = givenSettings(process.env, ['NODE_ENV'])
  if (hasProductionRules(NODE_ENV)) {
    throw new Error(`The sandbox is for development and does not start with NODE_ENV=${NODE_ENV}.`)
  }
  const open: Array<Pick<Listening, 'close'>> = []
  const close = async () => {
    await Promise.all(open.map((listening) => listening.close()))
  }
  try {
    const listen = async (port: number) => {
      const listening = await listenOnLoopback(port)
      open.push(listening)
      return { listening, url: `http://localhost:${listening.port}` }
    }
    const logto = await listen(logtoPort)
    const okta = await listen(oktaPort)

    const tenant = createTenant()
    seedPeople(tenant, apiPermissions)
    const machine = addApplication(tenant, { name: 'Provisioning', type: 'MachineToMachine', isAdmin: true })
    const org = createOrg()
    const apiToken = `00${secret(40)}`
    org.apiTokens.push({ value: apiToken, readOnly: false })
    const password = typablePassword()
    await fillDirectory(org, password)
    const loginHints = createLoginHints()
    const callLog = createCallLog({ [logto.url]: 'Logto', [okta.url]: 'Okta' })
    const { app: oktaApp, leaving } = await createOktaApp(okta.url, org, callLog, {
      directory: { accounts: ACCOUNTS, password },
      loginHints,
    })
    okta.listening.handle(oktaApp)
    const companies = wanted ? await startCompanies({ password, callLog, loginHints }) : []
    open.push(...companies)
    const everybody = [...ACCOUNTS, ...companies.map(({ account }) => account)]
    let second: Promise<SecondCompany> | undefined
    let company: SecondCompany | undefined
    const bringIn = async () => {
      company = await startSecondCompany({ endpoint: logto.url, tenant, password, callLog, loginHints })
      open.push(company)
      return company
    }
    const secondCompany: SecondCompanyHandle = {
      current: () => company,
      start() {
        second ??= bringIn()
        return second
      },
    }
    let unconnected: Promise<NewCompany> | undefined
    const bringNew = async () => {
      const arrived = await startNewCompany({ password, callLog, loginHints })
      open.push(arrived)
      return arrived
    }
    const newCompany = () => {
      unconnected ??= bringNew()
      return unconnected
    }
    const invitation: { current?: PortalInvitation } = {}
    const controlRoom = {
      ...{ accounts: everybody, companies },
      ...{ callLog, loginHints, secondCompany, invitation },
      okta: { url: okta.url, org, leaving },
    }
    const { app, control } = await createLogtoApp(logto.url, tenant, controlRoom)
    logto.listening.handle(app)

    return {
      logto: {
        endpoint: logto.url,
        managementApi: MANAGEMENT_API,
        appId: machine.id,
        appSecret: firstSecretOf(machine),
      },
      apiResource: NOTES_API,
      okta: { orgUrl: okta.url, issuer: okta.url, apiToken },
      domain: DOMAIN,
      group: GROUP,
      password,
      accounts: ACCOUNTS,
      everybody,
      tenant,
      org,
      control,
      leaving,
      secondCompany,
      companies,
      newCompany,
      showInvitation(shown) {
        invitation.current = shown
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
