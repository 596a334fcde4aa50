import { isComplete } from '../../provision/logto/trusted.ts'
import type { ManagementFacts } from '../steps/management.ts'

type Connector = ManagementFacts['connectors'][number]

/** What a connector lacks before people can use it, by the names on its page. */
export function lackingIn({ providerName, config, domains }: Connector): string[] {
  const isNamed = domains.length > 0 ? [] : ['Enterprise email domains (SSO Experience)']
  if (providerName === 'SAML' || providerName === 'AzureAD') {
    const isThere = isComplete({ providerName, config })
    return [...(isThere ? [] : ['Metadata (Connection)']), ...isNamed]
  }
  const lacking = [
    [config.issuer ?? providerName === 'GoogleWorkspace', 'Issuer (Connection)'],
    [config.clientId, 'Client ID (Connection)'],
    [config.clientSecret, 'Client Secret (Connection)'],
  ] as const
  return [...lacking.flatMap(([there, name]) => (there ? [] : [name])), ...isNamed]
}

/** The connectors nobody can use, each with what it lacks. */
export function incompleteConnectors(facts: ManagementFacts | undefined) {
  return (facts?.connectors ?? [])
    .map(({ id, connectorName, ...rest }) => ({
      name: `“${connectorName}” (${id})`,
      lacks: lackingIn({ id, connectorName, ...rest }),
      domains: rest.domains,
    }))
    .filter(({ lacks }) => lacks.length > 0)
}
