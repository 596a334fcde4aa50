import type { ManagementFacts } from '../steps/management.ts'

type Connector = ManagementFacts['connectors'][number]

/** What a connector lacks before people can use it, by the names on its page. */
export function lackingIn({ config, domains }: Connector): string[] {
  const lacking = [
    [config.issuer, 'Issuer (Connection)'],
    [config.clientId, 'Client ID (Connection)'],
    [config.clientSecret, 'Client Secret (Connection)'],
    [domains.length > 0, 'Enterprise email domains (SSO Experience)'],
  ] as const
  return lacking.flatMap(([there, name]) => (there ? [] : [name]))
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
