import { googleIssuer, isSaml, providers } from '../../settings/companies/providers.ts'
import type { Connector } from './api/answers.ts'

/** Whether a connector has what it needs to sign anybody in, but for its domains. */
export function isComplete({ providerName, config }: Pick<Connector, 'providerName' | 'config'>): boolean {
  if (isOfSaml(providerName)) {
    const { metadataUrl, metadata, entityId, signInEndpoint, x509Certificate } = config
    return Boolean(metadataUrl || metadata || (entityId && signInEndpoint && x509Certificate))
  }
  const { issuer = issuerOfAll(providerName), clientId, clientSecret } = config
  return Boolean(issuer && clientId && clientSecret)
}

/**
 * Whom a connector trusts, as the identities of its people name it: an OpenID provider's issuer without a slash at its
 * end, or a SAML identity provider's entity ID, as Logto has read it.
 *
 * @returns undefined where that is not known: not entered, or metadata that Logto cannot read
 */
export function issuerOf({ providerName, config, providerConfig }: Connector): string | undefined {
  if (isOfSaml(providerName)) return providerConfig?.identityProvider?.entityId ?? config.entityId
  return (config.issuer ?? issuerOfAll(providerName))?.replace(/\/$/, '')
}

const isOfSaml = (providerName: string) => isSaml(providers.find((name) => name === providerName))

const issuerOfAll = (providerName: string) => (providerName === 'GoogleWorkspace' ? googleIssuer : undefined)
