import { issuerOf } from '../../../provision/logto/trusted.ts'
import { commandLine } from '../../../settings/command-line.ts'
import { type EnterpriseConnector, issuerFrom } from '../../../settings/companies/connector.ts'
import { domainFrom } from '../../../settings/values/email-domain.ts'
import { joined, type Text } from '../../../words/phrase.ts'
import { type Check, notTried } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { phrase } from '../../phrase.ts'
import { authorizationUriOf, connectorsOfEmail } from '../../steps/interaction.ts'
import { issuerOf as issuerBehind } from '../../steps/issuer.ts'
import { factsIfAny, type ManagementFacts } from '../../steps/management.ts'
import { signInExperience } from '../../steps/sign-in-experience.ts'

/** Companies, and domains of each, that are tried at most where the Management API does not tell. */
const most = 10

/** One difference: what is so, what to do, and whether people are led astray by it. */
interface Difference {
  meaning: Text
  fix: Text
  astray: boolean
}

/** Whether the app sends each company's people to a connector that Logto has, as Logto has it. */
export const ssoConnectors: Check = {
  id: 'sso-connectors',
  title: phrase`The companies in SSO_CONNECTORS`,
  needs: ['connector', 'email-domain', 'redirect-uri'],
  async examine(on) {
    const tried = phrase`compared SSO_CONNECTORS with the connectors that Logto has`
    const { connectors } = on.config
    if (connectors.length === 0) {
      return notTried(
        tried,
        phrase`SSO_CONNECTORS is not set: no email leads straight to an Okta, and no tile`,
      )
    }
    const facts = await factsIfAny(on)
    const compare = (entry: EnterpriseConnector) =>
      facts ? byManagement(entry, facts) : byExperience(on, entry)
    const compared = await Promise.all((facts ? connectors : connectors.slice(0, most)).map(compare))
    const all = [...compared.flat(), ...(await leftOut(on))]
    const count = facts ? connectors.length : Math.min(connectors.length, most)
    const answer = phrase`${count} of ${connectors.length} compared, ${differences(all.length)}`
    if (all.length === 0) return { status: 'ok', tried, answer }
    return {
      status: all.some(({ astray }) => astray) ? 'broken' : 'warning',
      tried,
      answer,
      meaning: joined(all.map(({ meaning }) => meaning)),
      fix: phrase`${joined(all.map(({ fix }) => fix))}\n${commandLine('provision')} with that company's settings does it; then restart the app.`,
      blocks: false,
    }
  },
}

function differences(count: number): Text {
  if (count === 0) return phrase`no differences`
  return count === 1 ? phrase`1 difference` : phrase`${count} differences`
}

const nameOf = ({ name, id }: Pick<EnterpriseConnector, 'id' | 'name'>) => `“${name}” (${id})`

const unknown = (entry: EnterpriseConnector): Difference => ({
  meaning: phrase`${nameOf(entry)}: Logto has no connector with this ID. Its people end at Logto's plain sign-in page.`,
  fix: phrase`SSO_CONNECTORS: give ${nameOf(entry)} the ID of its connector (Logto console → Enterprise SSO), or take it out.`,
  astray: true,
})

const otherIssuer = (entry: EnterpriseConnector, issuer: string): Difference => ({
  meaning: phrase`${nameOf(entry)}: its issuer is ${issuer} at Logto, and ${entry.issuer} here. The tile of that Okta leads nowhere.`,
  fix: phrase`SSO_CONNECTORS: set the issuer of ${nameOf(entry)} to ${issuer}`,
  astray: true,
})

const foreignDomain = (entry: EnterpriseConnector, domain: string): Difference => ({
  meaning: phrase`${nameOf(entry)}: ${domain} is none of its domains at Logto, and leads there from here.`,
  fix: phrase`SSO_CONNECTORS: take ${domain} out of ${nameOf(entry)}, or add it at Logto console → Enterprise SSO → ${nameOf(entry)} → SSO Experience`,
  astray: true,
})

const withoutSlash = (issuer: string) => issuer.replace(/\/$/, '')

function byManagement(entry: EnterpriseConnector, { connectors }: ManagementFacts): Difference[] {
  const there = connectors.find(({ id }) => id === entry.id)
  if (!there) return [unknown(entry)]
  const said = issuerOf(there)
  const issuer = said && issuerFrom(said)
  const theirs = there.domains.map(domainFrom).filter(Boolean)
  return [
    ...(issuer && issuer !== entry.issuer ? [otherIssuer(entry, issuer)] : []),
    ...entry.domains
      .filter((domain) => !theirs.includes(domain))
      .map((domain) => foreignDomain(entry, domain)),
    ...theirs
      .filter((domain) => !entry.domains.includes(domain))
      .map((domain) => ({
        meaning: phrase`${nameOf(entry)}: ${domain} is a domain of it at Logto, and leads to Logto's page from here.`,
        fix: phrase`SSO_CONNECTORS: add ${domain} to ${nameOf(entry)}`,
        astray: false,
      })),
  ]
}

/** As far as Logto tells anybody who begins to sign in. */
async function byExperience(on: Examination, entry: EnterpriseConnector): Promise<Difference[]> {
  const { asked, uri } = await authorizationUriOf(on, entry.id)
  if (!('fault' in asked) && asked.status === 404) return [unknown(entry)]
  // A SAML request says nothing of the provider's entity ID, and Entra's document has no tenant's name.
  const isPlain = ['Okta', 'OIDC'].includes(entry.provider ?? 'Okta')
  const issuer = uri && isPlain ? (await issuerBehind(on, entry.id)).found?.document.issuer : undefined
  const domains = await Promise.all(
    entry.domains.slice(0, most).map(async (domain) => {
      const { connectorIds } = await connectorsOfEmail(on, `someone@${domain}`)
      return connectorIds && !connectorIds.includes(entry.id) ? [foreignDomain(entry, domain)] : []
    }),
  )
  return [
    ...(issuer && withoutSlash(issuer) !== entry.issuer ? [otherIssuer(entry, withoutSlash(issuer))] : []),
    ...domains.flat(),
  ]
}

/** Companies that Logto leads to their Okta, and the app does not. */
async function leftOut(on: Examination): Promise<Difference[]> {
  const { experience } = await signInExperience(on)
  return (experience?.ssoConnectors ?? [])
    .filter(({ id }) => !on.config.connectors.some((entry) => entry.id === id))
    .map(({ id, connectorName: name }) => ({
      meaning: phrase`${nameOf({ id, name })} is at Logto and not in SSO_CONNECTORS: no email leads straight to its Okta, and no tile.`,
      fix: phrase`SSO_CONNECTORS: add ${nameOf({ id, name })}`,
      astray: false,
    }))
}
