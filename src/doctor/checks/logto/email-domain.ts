import { commandLine } from '../../../settings/command-line.ts'
import { readEmail } from '../../../settings/values/email-domain.ts'
import { joined } from '../../../words/phrase.ts'
import { inWords } from '../../ask.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import { connectorPage } from '../../findings/console-pages.ts'
import { incompleteConnectors } from '../../findings/incomplete-connectors.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { connectorsOfEmail } from '../../steps/interaction.ts'
import { factsIfAny, type ManagementFacts } from '../../steps/management.ts'

/** Whether an email address leads to a connector. */
export const emailDomain: Check = {
  id: 'email-domain',
  title: phrase`The way from an email domain to a connector`,
  needs: ['connector', 'redirect-uri'],
  async examine(on) {
    const { email } = on
    if (!email) {
      const tried = phrase`asked Logto for the connector of somebody's email address`
      return notTried(
        tried,
        phrase`name an address with ${commandLine('doctor', '--email someone@company.example')}`,
      )
    }
    const tried = phrase`asked Logto for the connector of ${email}`
    const { asked, connectorIds } = await connectorsOfEmail(on, email)
    if ('fault' in asked) return unanswered(tried, asked.fault, 'Logto')
    if (!connectorIds) {
      const answer = inWords(asked, on.secrets)
      return {
        status: 'unknown',
        tried,
        answer,
        meaning: phrase`The answer names no connectors.`,
        blocks: true,
      }
    }
    if (connectorIds.length > 0) return { status: 'ok', tried, answer: connectorIds.join(', ') }
    return { tried, answer: phrase`no connector`, ...noConnector(email, await factsIfAny(on)) }
  },
}

function noConnector(
  email: string,
  facts: ManagementFacts | undefined,
): Pick<Finding, 'status' | 'meaning' | 'fix'> {
  const { domain } = readEmail(email)
  const unfinished = incompleteConnectors(facts).find(({ domains }) => domains.includes(domain))
  if (unfinished) {
    return {
      status: 'broken',
      meaning: phrase`${unfinished.name} is for ${domain}, and lacks ${joined(unfinished.lacks, ', ')}.`,
      fix: phrase`${connectorPage(unfinished.name)}: fill in ${joined(unfinished.lacks, ', ')}`,
    }
  }
  const has = facts?.connectors.map(
    ({ id, connectorName, domains }) =>
      phrase`“${connectorName}” (${id}) has ${domains.join(', ') || phrase`none`}`,
  )
  return {
    status: 'broken',
    meaning: phrase`No connector has the email domain ${domain}.${has?.length ? phrase` ${joined(has, '; ')}.` : ''}`,
    fix: phrase`${connectorPage(phrase`the connector`)} → SSO Experience → Enterprise email domains: add ${domain}`,
  }
}
