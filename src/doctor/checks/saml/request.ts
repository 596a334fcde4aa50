import { inflateRawSync } from 'node:zlib'
import { addressesOfConnector } from '../../../provision/providers/provider.ts'
import { inWords } from '../../ask.ts'
import type { Check } from '../../check.ts'
import { showUrl } from '../../findings/show-url.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { asFinding } from '../../provider/as-finding.ts'
import { notRegistered } from '../../provider/saml-words.ts'
import { refusalIn } from '../../provider/try-saml.ts'
import { examineConnectors } from '../../steps/connector-stages.ts'
import { authorizationUriOf } from '../../steps/interaction.ts'

/** Whether a SAML provider takes Logto's request: whether it knows the connector's entity ID, and its ACS URL. */
export const samlRequest: Check = {
  id: 'saml-request',
  title: phrase`The connector's entity ID and ACS URL at a SAML provider`,
  needs: ['authorization-uri'],
  examine: (on) =>
    examineConnectors(
      on,
      { id: 'saml-request', after: 'authorization-uri', protocol: 'saml' },
      async (connector) => {
        const { id } = connector
        const { uri = '' } = await authorizationUriOf(on, id)
        const tried = phrase`GET ${showUrl(uri)}, with the connector’s SAMLRequest`
        const asked = await on.ask(uri, { headers: { accept: 'text/html' } })
        if ('fault' in asked) {
          return unanswered(tried, asked.fault, phrase`The provider`, { status: 'unknown', blocks: false })
        }
        const at = { ...addressesOfConnector(on.config.logto.endpoint, id), ...namesIn(uri) }
        const refused = refusalIn(asked)
        if (!refused) {
          const answer = phrase`${asked.status}, for ${at.entityId} and ${at.assertionConsumerServiceUrl}`
          return { status: 'ok', tried, answer }
        }
        const finding = asFinding(connector, notRegistered(at, on.secrets.quote(refused)))
        const answer = inWords(asked, on.secrets)
        return { tried, answer, ...finding, blocks: false }
      },
    ),
}

/** What the request itself says (SAML 2.0 Bindings §3.4.4.1), where it says it as Logto does. */
function namesIn(uri: string): { entityId?: string; assertionConsumerServiceUrl?: string } {
  const deflated = new URL(uri).searchParams.get('SAMLRequest') ?? ''
  try {
    const xml = inflateRawSync(Buffer.from(deflated, 'base64'), { maxOutputLength: 64 * 1024 }).toString()
    const entityId = /<(?:[\w-]+:)?Issuer[^>]*>([^<]+)</.exec(xml)?.[1]
    const acs = /AssertionConsumerServiceURL="([^"]+)"/.exec(xml)?.[1]
    return { ...(entityId && { entityId }), ...(acs && { assertionConsumerServiceUrl: acs }) }
  } catch {
    return {}
  }
}
