import { isComplete } from '../../provision/logto/trusted.ts'
import type { Text } from '../../words/phrase.ts'
import { phrase } from '../phrase.ts'
import type { ManagementFacts } from '../steps/management.ts'

type Connector = ManagementFacts['connectors'][number]

/** What a connector lacks before people can use it, by the names on its page. */
export function lackingIn({ providerName, config, domains }: Connector): Text[] {
  const isNamed = domains.length > 0 ? [] : [phrase`Enterprise email domains (SSO Experience)`]
  if (providerName === 'SAML' || providerName === 'AzureAD') {
    const isThere = isComplete({ providerName, config })
    return [...(isThere ? [] : [phrase`Metadata (Connection)`]), ...isNamed]
  }
  const lacking = [
    [config.issuer ?? providerName === 'GoogleWorkspace', phrase`Issuer (Connection)`],
    [config.clientId, phrase`Client ID (Connection)`],
    [config.clientSecret, phrase`Client Secret (Connection)`],
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
