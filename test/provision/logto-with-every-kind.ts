import { beforeEach } from 'vitest'
import type { SsoConnector } from '../../src/sandbox/index.ts'
import type { Context, Sent } from './support.ts'

type Forward = () => Promise<Response>
type Body = Pick<SsoConnector, 'providerName' | 'connectorName' | 'domains' | 'config'>

/** A Logto that has connectors of every kind, in front of the sandbox's: what it is given it keeps. */
export function logtoWithEveryKind(context: Context) {
  /** Entity IDs of the SAML providers that answer, by their metadata's address. */
  const metadata = new Map<string, string>()
  const connectors = () => context.sandbox.tenant.ssoConnectors as unknown as Array<Body & { id: string }>

  function withProvider(connector: Body & { id: string }) {
    const { metadataUrl = '', entityId = metadata.get(metadataUrl) } = connector.config as Record<
      string,
      string
    >
    if (!entityId) return connector
    const { endpoint } = context.sandbox.logto
    const serviceProvider = {
      entityId: `${endpoint}/enterprise-sso/${connector.id}`,
      assertionConsumerServiceUrl: `${endpoint}/api/authn/single-sign-on/saml/${connector.id}`,
    }
    const identityProvider = { entityId, signInEndpoint: 'https://idp.example/sso', x509Certificate: 'PEM' }
    return { ...connector, providerConfig: { serviceProvider, identityProvider } }
  }

  async function answer(sent: Sent, forward: Forward): Promise<Response> {
    const [, id] = /^\/api\/sso-connectors(?:\/(.+))?$/.exec(sent.url.pathname) ?? ['', undefined]
    if (!sent.url.pathname.startsWith('/api/sso-connectors')) return forward()
    const body = sent.body as Partial<Body>
    if (sent.what.startsWith('GET')) return Response.json(connectors().map(withProvider))
    if (sent.what.startsWith('POST')) {
      const connector = {
        id: `c${connectors().length + 1}`,
        config: {},
        branding: {},
        domains: [],
        ...body,
      } as Body & {
        id: string
      }
      connectors().push(connector)
      return Response.json(connector)
    }
    const connector = connectors().find((each) => each.id === id)
    const { metadataUrl } = (body.config ?? {}) as Record<string, string>
    if (!connector) return new Response('{"code":"entity.not_exists"}', { status: 404 })
    if (metadataUrl && !metadata.has(metadataUrl)) {
      const data = { ssoErrorCode: 'invalid_metadata', message: 'fail_to_fetch_config' }
      return Response.json({ code: 'connector.invalid_metadata', message: 'Invalid', data }, { status: 400 })
    }
    return Response.json(withProvider(Object.assign(connector, body)))
  }

  beforeEach(() => {
    metadata.clear()
    context.wire.intercept = answer
  })
  return { metadata, answer }
}
