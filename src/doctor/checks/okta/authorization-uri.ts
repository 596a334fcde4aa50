import { type Asked, errorIn, inWords } from '../../ask.ts'
import type { Check, Finding } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { connectorPage } from '../../findings/console-pages.ts'
import { showUrl } from '../../findings/show-url.ts'
import { phrase } from '../../phrase.ts'
import { asFinding } from '../../provider/as-finding.ts'
import { unreadable } from '../../provider/try-provider.ts'
import { examineConnectors } from '../../steps/connector-stages.ts'
import { authorizationUriOf } from '../../steps/interaction.ts'
import { factsIfAny } from '../../steps/management.ts'
import { signInExperience } from '../../steps/sign-in-experience.ts'

/** Whether Logto can read the connector's issuer, and knows where to send people. */
export const authorizationUri: Check = {
  id: 'authorization-uri',
  title: phrase`The way from the connector to its issuer`,
  needs: ['connector', 'email-domain', 'redirect-uri'],
  examine: (on) =>
    examineConnectors(on, { id: 'authorization-uri' }, async (connector) => {
      const { id, name, provider } = connector
      const tried = phrase`asked Logto where ${name} sends people`
      const { asked, uri } = await authorizationUriOf(on, id)
      if (uri) return { status: 'ok', tried, answer: showUrl(uri) }
      const answer = inWords(asked, on.secrets)
      if (isAboutTheRequest(asked)) {
        return {
          status: 'unknown',
          tried,
          answer,
          meaning: phrase`Logto refuses the request itself.`,
          blocks: true,
        }
      }
      if (provider.name !== 'Okta') return { tried, answer, ...asFinding(connector, unreadable(provider)) }
      return { tried, answer, ...unreadableIssuer(name, await issuersOf(on, id)) }
    }),
}

/** Logto's codes for a lost interaction and for input it does not take say nothing of the connector. */
const isAboutTheRequest = (asked: Asked) =>
  !('fault' in asked) && /^(session|guard)\./.test(errorIn(asked)?.code ?? '')

function unreadableIssuer(
  name: string,
  issuer: { configured: string | undefined; wanted: string | undefined },
): Pick<Finding, 'status' | 'meaning' | 'fix'> {
  const { configured, wanted } = issuer
  const document = configured ? phrase` at ${showUrl(`${configured}/.well-known/openid-configuration`)}` : ''
  return {
    status: 'broken',
    meaning: phrase`Logto cannot read the metadata of the connector's issuer${document}.`,
    fix: phrase`${connectorPage(name)} → Connection → Issuer: ${
      wanted ?? phrase`the address of the company's Okta org, such as https://company.okta.com`
    }, with nothing after it${configured && configured !== wanted ? phrase` (now it is ${showUrl(configured)})` : ''}. If that is right, see that it is up, and that Logto itself can reach it: a Logto elsewhere knows no localhost of yours.`,
  }
}

/** The issuer in the connector, and the one it is to have: this company's, and no other's. */
async function issuersOf(on: Examination, id: string) {
  const connector = (await factsIfAny(on))?.connectors.find((candidate) => candidate.id === id)
  const wanted =
    on.config.connectors.find((entry) => entry.id === id)?.issuer ?? (await wiredIssuer(on, connector))
  return { configured: connector?.config.issuer, wanted }
}

/** The settings of provision are about one connector: the one of its name, or the only one there is. */
async function wiredIssuer(on: Examination, connector: { connectorName: string } | undefined) {
  const { OKTA_ISSUER, OKTA_ORG_URL, SSO_CONNECTOR_NAME } = on.wiring ?? {}
  const isMeant =
    connector?.connectorName === SSO_CONNECTOR_NAME ||
    (await signInExperience(on)).experience?.ssoConnectors.length === 1
  return isMeant ? (OKTA_ISSUER ?? OKTA_ORG_URL) : undefined
}
