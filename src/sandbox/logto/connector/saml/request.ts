import type { SsoConnector } from '../../state/connector.ts'
import type { SsoAttempt } from '../attempt.ts'
import { ConnectorFault, isUnreachable } from '../fault.ts'
import { MetadataFault, readProvider } from './metadata.ts'

/** What Logto is to a SAML provider: the addresses follow from its own and from the connector. */
export const serviceProviderOf = (endpoint: string, connectorId: string) => ({
  entityId: `${endpoint}/enterprise-sso/${connectorId}`,
  assertionConsumerServiceUrl: `${endpoint}/api/authn/single-sign-on/saml/${connectorId}`,
})

/** The provider of a connector, for a sign-in. */
export const providerOf = ({ config }: SsoConnector) =>
  readProvider(config).catch((fault: unknown) => {
    if (!(fault instanceof MetadataFault)) throw fault
    throw new ConnectorFault(isUnreachable(fault.cause) ? 'unreachable' : 'unverifiable', '', {
      cause: fault,
    })
  })

/** The address to send the browser to, with a request in it (SAML 2.0 Bindings §3.4); its ID is kept in the attempt. */
export async function samlAddress(
  endpoint: string,
  connector: SsoConnector,
  attempt: SsoAttempt,
): Promise<string> {
  const { saml, provider } = await providerOf(connector)
  const { entityId, assertionConsumerServiceUrl } = serviceProviderOf(endpoint, connector.id)
  const serviceProvider = saml.ServiceProvider({
    entityID: entityId,
    authnRequestsSigned: provider.entityMeta.isWantAuthnRequestsSigned(),
    assertionConsumerService: [
      { Location: assertionConsumerServiceUrl, Binding: saml.Constants.BindingNamespace.Post },
    ],
  })
  const { relayState } = attempt
  const { id, context } = serviceProvider.createLoginRequest(provider, 'redirect', { relayState })
  attempt.requestId = id
  return context
}
