import { needs } from '../settings/missing-packages.ts'
import type { BlankSandbox, startBlankSandbox as start } from './blank.ts'
import { addApplication, firstSecretOf } from './logto/state/applications.ts'
import { type Wiring, wire } from './wiring.ts'

export type { BlankSandbox, BlankSandboxOptions } from './blank.ts'
export type { Company } from './companies/start-companies.ts'
export type { SandboxControl } from './logto/control/control.ts'
export type { LogoutDelivery, TokenRequest, WebhookDelivery } from './logto/control/event-log.ts'
export { FORGERIES, type Forgery } from './logto/oidc/forgeries.ts'
export type { LogoutTarget } from './logto/oidc/logout-token.ts'
export type { LogtoSession } from './logto/state/session.ts'
export type { Application, Hook, SsoConnector, Tenant, User } from './logto/state/state.ts'
export type { NewCompany } from './new-company.ts'
export type { OktaDelivery } from './okta/leaving/event-hooks.ts'
export type { Leaving, Telling } from './okta/leaving/leave.ts'
export type { OktaApp, OktaUser, Org } from './okta/state.ts'

export interface SandboxOptions {
  /** The app's BASE_URL: no slash at its end, a path allowed. */
  appUrl: string
  /** The app's identifier as an API resource; an example of one, if left out. */
  apiResource?: string | undefined
  /** The permissions of that API which the app's guards ask for; none, if left out. */
  apiPermissions?: readonly string[]
  /** Whether the app asks for `offline_access`; it does, if left out. */
  offlineAccess?: boolean
  /** 0 for any free port. */
  logtoPort: number
  /** 0 for any free port. */
  oktaPort: number
  /** Whether there are companies with other providers, too. */
  companies?: boolean
}

type Kept =
  | 'password'
  | 'accounts'
  | 'everybody'
  | 'apiResource'
  | 'tenant'
  | 'org'
  | 'control'
  | 'leaving'
  | 'secondCompany'
  | 'newCompany'
  | 'showInvitation'
  | 'companies'
  | 'close'

export interface Sandbox
  extends Pick<BlankSandbox, Kept>,
    Pick<Wiring, 'webhookKey' | 'connectors' | 'companyHookKeys' | 'appIsThere'> {
  /** The app's own application. */
  logto: { endpoint: string; appId: string; appSecret: string }
  okta: { issuer: string }
  /** The machine-to-machine application that may use the Management API. */
  management: { appId: string; appSecret: string }
  /** An application of no person: a script that has the permissions of `apiResource`. */
  script: { appId: string; appSecret: string }
}

/**
 * Starts a Logto and an Okta on loopback as they are on their first day. Neither knows of the other.
 *
 * @throws MissingPackages where what it needs is not installed; in production; and the listen error (`code`, `port`)
 *   when a port is taken, with nothing left listening
 */
export const startBlankSandbox: typeof start = async (options) => {
  needs('sandbox')
  return (await import('./blank.ts')).startBlankSandbox(options)
}

/**
 * Starts a Logto and an Okta on loopback, wired to each other and to the app.
 *
 * @throws as `startBlankSandbox`
 */
export async function startSandbox({
  appUrl,
  apiResource: given,
  apiPermissions = [],
  offlineAccess = true,
  ...ports
}: SandboxOptions): Promise<Sandbox> {
  const blank = await startBlankSandbox({ ...ports, apiPermissions })
  try {
    const apiResource = given ?? blank.apiResource
    const { webhookKey, connectors, companyHookKeys, appIsThere, ...application } = await wire(blank, {
      appUrl,
      apiResource,
      apiPermissions,
      offlineAccess,
    })
    const logto = { endpoint: blank.logto.endpoint, ...application }
    const okta = { issuer: blank.okta.issuer }
    const machine = addApplication(blank.tenant, {
      name: 'Script',
      type: 'MachineToMachine',
      permissions: [...apiPermissions],
    })
    const script = { appId: machine.id, appSecret: firstSecretOf(machine) }
    return {
      ...blank,
      management: { appId: blank.logto.appId, appSecret: blank.logto.appSecret },
      ...{ logto, okta, script, webhookKey, connectors, companyHookKeys, apiResource, appIsThere },
    }
  } catch (error) {
    await blank.close()
    throw error
  }
}
