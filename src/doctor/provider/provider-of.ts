import { providers } from '../../provision/providers/index.ts'
import type { Provider } from '../../provision/providers/provider.ts'
import type { EnterpriseConnector } from '../../settings/companies/connector.ts'
import type { Examination } from '../examination.ts'
import { authorizationUriOf } from '../steps/interaction.ts'
import { factsIfAny } from '../steps/management.ts'

/**
 * The kind of provider behind a connector: as Logto has it, else as the app has the company, else as the address looks
 * that people are sent to.
 */
export const providerOf = (on: Examination, connectorId: string) =>
  on.once(`provider of ${connectorId}`, async (): Promise<Provider> => {
    const there = (await factsIfAny(on))?.connectors.find(({ id }) => id === connectorId)?.providerName
    const known = Object.values(providers).find(({ name }) => name === there)
    if (known) return known
    const entry = on.config.connectors.find(({ id }) => id === connectorId)
    if (entry) return providers[entry.provider ?? 'Okta']
    const { uri = '' } = await authorizationUriOf(on, connectorId)
    // Where nobody says anything, it is the one most companies have.
    return looks.find(([pattern]) => pattern.test(uri))?.[1] ?? (uri ? providers.OIDC : providers.Okta)
  })

const looks: ReadonlyArray<[RegExp, Provider]> = [
  [/[?&]SAMLRequest=/, providers.SAML],
  [/^https:\/\/accounts\.google\.com\//, providers.GoogleWorkspace],
  [/^https:\/\/login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn)\//, providers.AzureAdOidc],
  [/\/oauth2\/([^/]+\/)?v1\/authorize\?/, providers.Okta],
]

/** The companies that have Okta, of which alone the app hears who leaves. */
export const oktaCompanies = (on: Examination): readonly EnterpriseConnector[] =>
  on.config.connectors.filter(({ provider = 'Okta' }) => provider === 'Okta')
