import { planConnection } from '../../provision/connection/connection.ts'
import { managementClient } from '../../provision/logto/api/management.ts'
import { findConnector, planConnector } from '../../provision/logto/connector.ts'
import { planOrganization } from '../../provision/logto/organization.ts'
import { isToDo } from '../../provision/plan.ts'
import { providers } from '../../provision/providers/index.ts'
import type { Desired } from '../../provision/provision.ts'
import type { Wired } from '../../provision/wired.ts'
import { type EnterpriseConnector, slugOf } from '../../settings/companies/connector.ts'
import type { Tenant } from '../logto/state/state.ts'
import type { Company } from './start-companies.ts'

/** What a company is connected by: what the first one was wired by, and what is its own. */
const desiredFor = (
  desired: Desired,
  { name, domain, provider }: Company,
  values?: Company['values'],
): Desired => ({
  ...desired,
  connector: { name, domains: [domain], scopes: [] },
  provider: { name: provider, values },
  issuer: undefined,
  okta: undefined,
})

/**
 * Gives each company a connector with what its administrator would enter, and does the administrator's half: enters at
 * its provider where Logto is. No provider is asked for anything.
 *
 * @param desired what the first company was wired by, with the application that came of it
 * @returns what the app has to know of them
 */
export async function introduce(
  desired: Desired,
  companies: readonly Company[],
  { idpInitiatedAuth, ssoConnectors }: Tenant,
): Promise<EnterpriseConnector[]> {
  const logto = await managementClient(desired.logto, fetch)
  const { id: defaultApplicationId = '' } = desired.application
  return Promise.all(
    companies.map(async (company) => {
      const { name, domain, provider, issuer, values, register } = company
      const wired: Wired = {}
      await planConnector(logto, desiredFor(desired, company), undefined, wired).apply()
      const { connectorId: id } = wired
      if (id === undefined) throw new Error(`${name} has no connector`)
      // Not by a call, for which Logto would ask the provider: nobody is to wait for that at start.
      const connector = ssoConnectors.find((each) => each.id === id)
      Object.assign(connector?.config ?? {}, providers[provider].connectorConfig(values))
      const slug = slugOf({ id, name })
      const organization = { name, roles: ['member'], permissions: [] }
      const steps = await planOrganization(logto, organization, wired, [])
      for (const step of steps.filter(isToDo)) await step.apply()
      const { organizationId } = wired
      register(desired.logto.endpoint, id)
      if (provider === 'SAML') {
        // Who starts at the company's own page begins a sign-in of the app's: only then can the app tell it is its own.
        idpInitiatedAuth.set(id, {
          ...{
            defaultApplicationId,
            redirectUri: null,
            authParameters: {},
            autoSendAuthorizationRequest: false,
          },
          clientIdpInitiatedAuthCallbackUri: `${desired.baseUrl}/sign-in/${slug}`,
          createdAt: Date.now(),
        })
      }
      return {
        id,
        name,
        issuer,
        domains: [domain],
        slug,
        provider,
        ...(organizationId && { organizationId }),
      }
    }),
  )
}

/** Goes over these connectors with the very code that completes real ones: it tries each provider. */
export async function complete(desired: Desired, companies: readonly Company[]): Promise<void> {
  const logto = await managementClient(desired.logto, fetch)
  const means = { call: fetch, report() {}, left: [] }
  const connectors = await logto.connectors()
  await Promise.all(
    companies.map(async (company) => {
      const theirs = desiredFor(desired, company, company.values)
      const [connector, wired]: [ReturnType<typeof findConnector>, Wired] = [
        findConnector(connectors, theirs),
        {},
      ]
      const first = planConnector(logto, theirs, connector, wired)
      const { steps } = await planConnection(theirs, logto, connector, wired, means)
      for (const step of [first, ...steps].filter(isToDo)) await step.apply()
    }),
  )
}
