import { commandLine } from '../../../settings/command-line.ts'
import { readEmail } from '../../../settings/values/email-domain.ts'
import { inWords } from '../../ask.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import { connectorPage } from '../../findings/console-pages.ts'
import { incompleteConnectors } from '../../findings/incomplete-connectors.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { connectorsOfEmail } from '../../steps/interaction.ts'
import { factsIfAny, type ManagementFacts } from '../../steps/management.ts'

/** Whether an email address leads to a connector. */
export const emailDomain: Check = {
  id: 'email-domain',
  title: 'The way from an email domain to a connector',
  needs: ['connector', 'redirect-uri'],
  async examine(on) {
    const { email } = on
    if (!email) {
      const tried = "asked Logto for the connector of somebody's email address"
      return notTried(
        tried,
        `name an address with ${commandLine('doctor', '--email someone@company.example')}`,
      )
    }
    const tried = `asked Logto for the connector of ${email}`
    const { asked, connectorIds } = await connectorsOfEmail(on, email)
    if ('fault' in asked) return unanswered(tried, asked.fault, 'Logto')
    if (!connectorIds) {
      const answer = inWords(asked, on.secrets)
      return { status: 'unknown', tried, answer, meaning: 'The answer names no connectors.', blocks: true }
    }
    if (connectorIds.length > 0) return { status: 'ok', tried, answer: connectorIds.join(', ') }
    return { tried, answer: 'no connector', ...noConnector(email, await factsIfAny(on)) }
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
      meaning: `${unfinished.name} is for ${domain}, and lacks ${unfinished.lacks.join(', ')}.`,
      fix: `${connectorPage(unfinished.name)}: fill in ${unfinished.lacks.join(', ')}`,
    }
  }
  const has = facts?.connectors.map(
    ({ id, connectorName, domains }) => `“${connectorName}” (${id}) has ${domains.join(', ') || 'none'}`,
  )
  return {
    status: 'broken',
    meaning: `No connector has the email domain ${domain}.${has?.length ? ` ${has.join('; ')}.` : ''}`,
    fix: `${connectorPage('the connector')} → SSO Experience → Enterprise email domains: add ${domain}`,
  }
}
