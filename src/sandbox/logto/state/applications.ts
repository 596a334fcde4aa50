import { logtoId, secret } from '../../shared/random.ts'
import type { Application, ApplicationSecret, Tenant } from './state.ts'

/** Types that can keep a secret, and are given one at once. */
const CONFIDENTIAL: Application['type'][] = ['Traditional', 'MachineToMachine']

export function findApplication(tenant: Tenant, id: string): Application | undefined {
  return tenant.applications.find((application) => application.id === id)
}

/** Adds an application with everything at its default but what is given, and its first secret where it has any. */
export function addApplication(
  tenant: Tenant,
  given: Pick<Application, 'name' | 'type'> & Partial<Application>,
): Application {
  const application: Application = {
    id: logtoId(21),
    internalSecret: `#internal:${secret(32)}`,
    secrets: [],
    description: null,
    oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [] },
    customClientMetadata: {},
    customData: {},
    isThirdParty: false,
    appLevelAccessControlEnabled: false,
    isAdmin: false,
    createdAt: Date.now(),
    ...given,
  }
  if (CONFIDENTIAL.includes(application.type)) addSecret(application, 'Default secret')
  tenant.applications.push(application)
  return application
}

/** Gives the application one more secret; the ones it has stay good. */
export function addSecret(
  application: Application,
  name: string,
  expiresAt: number | null = null,
): ApplicationSecret {
  const added: ApplicationSecret = { name, value: secret(32), createdAt: Date.now(), expiresAt }
  application.secrets.push(added)
  return added
}

/** The secret an application was made with; a public one has none. */
export const firstSecretOf = ({ secrets }: Application): string => secrets[0]?.value ?? ''
