import type { Check, Finding } from '../../check.ts'
import { connectorPage, oktaPage } from '../../findings/console-pages.ts'
import { showUrl } from '../../findings/show-url.ts'
import { phrase } from '../../phrase.ts'
import { asFinding } from '../../provider/as-finding.ts'
import { refusal } from '../../provider/openid-words.ts'
import { examineConnectors, type Subject } from '../../steps/connector-stages.ts'
import { oktaAnswer, type Verdict } from '../../steps/okta-verdict.ts'

/** Whether Okta knows the connector's client, and lets it ask the way Logto asks. */
export const oktaClient: Check = {
  id: 'okta-client',
  title: phrase`The connector's client at Okta`,
  needs: ['okta-issuer'],
  examine: (on) =>
    examineConnectors(
      on,
      { id: 'okta-client', after: 'okta-issuer', protocol: 'oidc' },
      async (connector) => {
        const { id, name, provider } = connector
        const { verdict, answer, uri } = await oktaAnswer(on, id)
        const tried = phrase`GET ${showUrl(uri)}`
        const clientId = new URL(uri).searchParams.get('client_id') ?? ''
        const fault =
          provider.name === 'Okta' ? faultOf(verdict, clientId, name) : faultElsewhere(verdict, connector)
        return fault ? { tried, answer, ...fault } : { status: 'ok', tried, answer }
      },
    ),
}

/** At a provider whose words are not Okta's. */
function faultElsewhere(verdict: Verdict, connector: Subject): Fault | undefined {
  if (verdict === 'redirect' || verdict === 'scope') return undefined
  const finding = refusal(verdict, { redirectUri: '', answer: '' })
  if (finding) return asFinding(connector, finding)
  if (verdict !== 'unknown') return undefined
  return {
    status: 'unknown',
    meaning: phrase`The answer says neither yes nor no to the connector's client.`,
    fix: phrase`Sign in once with an account of the company.`,
  }
}

type Fault = Pick<Finding, 'status' | 'meaning' | 'fix'>

function faultOf(verdict: Verdict, clientId: string, name: string): Fault | undefined {
  switch (verdict) {
    case 'client':
      return {
        status: 'broken',
        meaning: phrase`Okta knows no active application with the Client ID ${clientId}.`,
        fix: phrase`Copy “Client ID” (Okta Admin Console → Applications → Applications → the application → General → Client Credentials) into ${connectorPage(name)} → Connection → Client ID, where ${clientId} is now. If that is right, activate the application in Okta, or correct the connector's Issuer.`,
      }
    case 'pkce':
      return {
        status: 'broken',
        meaning: phrase`The application in Okta wants PKCE, and Logto's connector sends no code challenge.`,
        fix: phrase`${oktaPage(clientId)} → Client Credentials → Proof Key for Code Exchange (PKCE): clear “Require PKCE as additional verification”. Logto's connector authenticates with its client secret.`,
      }
    case 'response-type':
      return {
        status: 'broken',
        meaning: phrase`The application in Okta may not use the authorization code flow.`,
        fix: phrase`${oktaPage(clientId)} → General Settings → Grant type: tick “Authorization Code”.`,
      }
    case 'unknown':
      return {
        status: 'unknown',
        meaning: phrase`The answer says neither yes nor no to the connector's client.`,
        fix: phrase`Sign in once with an account of the company, and look at Okta Admin Console → Reports → System Log for ${clientId}.`,
      }
    default:
      return undefined
  }
}
