import { comma, joined } from '../../../words/phrase.ts'
import { inWords } from '../../ask.ts'
import type { Check, Finding } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { connectorPage } from '../../findings/console-pages.ts'
import { showUrl } from '../../findings/show-url.ts'
import { phrase } from '../../phrase.ts'
import { examineConnectors } from '../../steps/connector-stages.ts'
import { authorizationUriOf } from '../../steps/interaction.ts'
import { type IssuerFound, issuerOf, withoutQuery } from '../../steps/issuer.ts'

/** Whether the connector's issuer is who it is taken for. */
export const oktaIssuer: Check = {
  id: 'okta-issuer',
  title: phrase`Okta's metadata`,
  needs: ['authorization-uri'],
  examine: (on) =>
    examineConnectors(
      on,
      { id: 'okta-issuer', after: 'authorization-uri', protocol: 'oidc' },
      async ({ id, name, provider }) => {
        const { uri = '' } = await authorizationUriOf(on, id)
        const search = await issuerOf(on, id)
        const tried = joined(
          search.looks.map(({ issuer }) => phrase`GET ${documentOf(issuer)}`),
          comma,
        )
        const { found } = search
        if (!found) return { tried, ...notFound(on, search, uri) }
        const { issuer, document } = found
        const answer = phrase`issuer ${showUrl(document.issuer)}`
        // OpenID Connect Discovery 1.0 §4.3: exactly the issuer whose address the document was fetched from.
        const isNameOf = provider.isNameOf ?? ((own) => own === issuer)
        if (isNameOf(document.issuer, issuer)) return { status: 'ok', tried, answer }
        return {
          status: 'broken',
          tried,
          answer,
          meaning: phrase`${showUrl(issuer)} answers as another issuer: it calls itself ${showUrl(document.issuer)}.`,
          fix: phrase`${connectorPage(name)} → Connection → Issuer: ${showUrl(document.issuer)}`,
          // Everything behind it is about the client, and can be tried all the same.
          blocks: false,
        }
      },
    ),
}

const documentOf = (issuer: string) =>
  showUrl(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)

function notFound(
  on: Examination,
  { looks }: IssuerFound,
  uri: string,
): Pick<Finding, 'status' | 'answer' | 'meaning' | 'fix' | 'blocks'> {
  const last = looks.at(-1)
  if (last && 'fault' in last.asked) {
    return {
      status: 'unknown',
      answer: last.asked.fault.words,
      meaning: phrase`Logto reads this issuer, and this machine does not reach it. The browsers of the people have to.`,
      fix: last.asked.fault.fix,
      blocks: true,
    }
  }
  return {
    status: 'unknown',
    answer: last ? inWords(last.asked, on.secrets) : phrase`no address to look at`,
    meaning: phrase`No issuer could be found whose authorization endpoint is ${showUrl(withoutQuery(uri))}.`,
    blocks: false,
  }
}
