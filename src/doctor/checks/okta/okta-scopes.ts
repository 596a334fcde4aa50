import type { Text } from '../../../words/phrase.ts'
import type { Check, Finding } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { connectorPage } from '../../findings/console-pages.ts'
import { showUrl } from '../../findings/show-url.ts'
import { phrase } from '../../phrase.ts'
import { asFinding } from '../../provider/as-finding.ts'
import { scopeRefused } from '../../provider/openid-words.ts'
import { examineConnectors, type Subject } from '../../steps/connector-stages.ts'
import { issuerOf } from '../../steps/issuer.ts'
import { factsIfAny } from '../../steps/management.ts'
import { oktaAnswer } from '../../steps/okta-verdict.ts'

/** Whether Okta gives the connector the scopes it asks for, the email address among them. */
export const oktaScopes: Check = {
  id: 'okta-scopes',
  title: phrase`The connector's scopes at Okta`,
  needs: ['okta-redirect'],
  examine: (on) =>
    examineConnectors(
      on,
      { id: 'okta-scopes', after: 'okta-redirect', protocol: 'oidc' },
      async (connector) => {
        const { verdict, answer, uri } = await oktaAnswer(on, connector.id)
        const tried = phrase`GET ${showUrl(uri)}`
        const scopes = (new URL(uri).searchParams.get('scope') ?? '').split(' ')
        if (verdict === 'scope' && connector.provider.name !== 'Okta') {
          return { tried, answer, ...asFinding(connector, scopeRefused(answer)) }
        }
        if (verdict === 'scope')
          return { tried, answer, ...refused(connector, scopes, await listed(on, connector)) }
        if (verdict !== 'accepted') {
          return {
            status: 'unknown',
            tried,
            answer,
            meaning: phrase`The answer says nothing about the scopes.`,
          }
        }
        return (await emailFault(on, connector, scopes, tried)) ?? { status: 'ok', tried, answer }
      },
    ),
}

const documentFor = async (on: Examination, { id }: Subject) => (await issuerOf(on, id)).found?.document
const listed = async (on: Examination, connector: Subject) =>
  (await documentFor(on, connector))?.scopes_supported

/** OpenID Connect Core 1.0 §5.4: these three are every provider's, and all that the sign-in needs. */
const usual = 'openid profile email'

function refused(
  { name }: Subject,
  scopes: readonly string[],
  supported: readonly string[] | undefined,
): Pick<Finding, 'status' | 'meaning' | 'fix'> {
  const unknown = supported ? scopes.filter((scope) => !supported.includes(scope)) : []
  const refused = unknown.length > 0 ? unknown.join(' ') : phrase`one of ${scopes.join(' ')}`
  return {
    status: 'broken',
    meaning: phrase`Okta does not give the scope: ${refused}.`,
    fix: phrase`${connectorPage(name)} → Connection → Scope: ${usual} (and no ${refused}), or add it in Okta: Okta Admin Console → Security → API → Authorization Servers → the server → Scopes`,
  }
}

/** Without a verified address Logto gives the person none (OpenID Connect Core 1.0 §5.7). */
async function emailFault(
  on: Examination,
  connector: Subject,
  scopes: readonly string[],
  tried: Text,
): Promise<Finding | undefined> {
  if (!scopes.includes('email')) {
    return {
      status: 'warning',
      tried,
      answer: phrase`scope ${scopes.join(' ')}`,
      meaning: phrase`Without the scope email Logto learns no email address of the people who come through this connector.`,
      fix: phrase`${connectorPage(connector.name)} → Connection → Scope: ${usual}`,
    }
  }
  // Of Entra, which has the claim nowhere, email-trust says what it means.
  if (connector.provider.name === 'AzureAdOidc') return undefined
  const claims = (await documentFor(on, connector))?.claims_supported
  const config = (await factsIfAny(on))?.connectors.find(({ id }) => id === connector.id)?.config
  if (!claims || claims.includes('email_verified') || config?.trustUnverifiedEmail) return undefined
  return {
    status: 'warning',
    tried: phrase`looked for email_verified in the metadata of ${showUrl((await issuerOf(on, connector.id)).found?.issuer ?? '')}`,
    answer: phrase`not among claims_supported`,
    meaning: phrase`An email address counts at Logto only where email_verified is true, or where the connector trusts it anyway.`,
    fix: phrase`${connectorPage(connector.name)} → Connection → Trust unverified email (trustUnverifiedEmail): switch it on, if every address of this Okta is the company's own`,
  }
}
