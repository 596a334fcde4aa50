import { isExpiredSecret } from '../../../http-client/expired-secret.ts'
import { errorIn, inWords } from '../../ask.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import { connectorPage, oktaPage } from '../../findings/console-pages.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { asFinding } from '../../provider/as-finding.ts'
import { wrongSecret } from '../../provider/openid-words.ts'
import { askWithBogusCode } from '../../steps/bogus-code.ts'
import { examineConnectors } from '../../steps/connector-stages.ts'
import { connectorRedirectUri } from '../../steps/interaction.ts'
import { issuerOf } from '../../steps/issuer.ts'
import { behindManagement, management, managementFacts } from '../../steps/management.ts'

/** Whether Okta takes the connector's secret. Only the Management API shows it. */
export const oktaSecret: Check = {
  id: 'okta-secret',
  title: phrase`The connector's client secret at Okta`,
  needs: ['management', 'okta-client'],
  async examine(on) {
    const tried = phrase`asked Okta for tokens with the connector's secret and a code that nobody was given`
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const facts = await managementFacts(on)
    return examineConnectors(
      on,
      { id: 'okta-secret', after: 'okta-client', protocol: 'oidc' },
      async (connector) => {
        const { id, name, provider } = connector
        const config = facts?.connectors.find((connector) => connector.id === id)?.config
        const tokenEndpoint = (await issuerOf(on, id)).found?.document.token_endpoint
        if (!config?.clientId || !config.clientSecret || !tokenEndpoint) {
          return { status: 'unknown', tried, answer: phrase`neither a secret nor an address to try it at` }
        }
        const asked = await askWithBogusCode(on, tokenEndpoint, {
          id: config.clientId,
          secret: config.clientSecret,
          redirectUri: connectorRedirectUri(on, id),
        })
        if ('fault' in asked) return unanswered(tried, asked.fault, provider.label.en)
        const answer = inWords(asked, on.secrets)
        const error = errorIn(asked)
        switch (error && isExpiredSecret(error) ? 'invalid_client' : error?.code) {
          case 'invalid_grant':
            return {
              status: 'ok',
              tried,
              answer: phrase`${asked.status}: the secret is right, and only the code is not`,
            }
          case 'invalid_client':
            return {
              tried,
              answer,
              ...(provider.name === 'Okta'
                ? wrong(name, config.clientId)
                : asFinding(connector, wrongSecret)),
            }
          default:
            return {
              status: 'unknown',
              tried,
              answer,
              meaning: phrase`The answer tells nothing about the secret.`,
            }
        }
      },
    )
  },
}

const wrong = (name: string, clientId: string): Pick<Finding, 'status' | 'meaning' | 'fix'> => ({
  status: 'broken',
  meaning: phrase`Okta does not take the secret that ${name} has for the client ${clientId}: it is another, or has expired.`,
  fix: phrase`Copy “Client secret” (${oktaPage(clientId)} → Client Credentials, with Client authentication: Client secret) into ${connectorPage(name)} → Connection → Client Secret`,
})
