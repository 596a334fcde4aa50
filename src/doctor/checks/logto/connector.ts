import { commandLine } from '../../../settings/command-line.ts'
import { joined } from '../../../words/phrase.ts'
import type { Check, Finding } from '../../check.ts'
import { connectorPage } from '../../findings/console-pages.ts'
import { incompleteConnectors } from '../../findings/incomplete-connectors.ts'
import { phrase } from '../../phrase.ts'
import { factsIfAny } from '../../steps/management.ts'
import { signInExperience, signInExperienceUrl } from '../../steps/sign-in-experience.ts'

/** Whether there is an enterprise connector that people can use. */
export const connector: Check = {
  id: 'connector',
  title: phrase`The enterprise connector`,
  needs: ['sso-switch'],
  async examine(on) {
    const tried = `GET ${signInExperienceUrl(on)}`
    const { experience } = await signInExperience(on)
    const count = experience?.ssoConnectors.length ?? 0
    const incomplete = incompleteConnectors(await factsIfAny(on))
    if (count === 0) return { tried, answer: phrase`ssoConnectors is empty`, ...none(incomplete) }
    const answer = count === 1 ? phrase`one connector` : phrase`${count} connectors`
    if (incomplete.length === 0) return { status: 'ok', tried, answer }
    return {
      status: 'warning',
      tried,
      answer: phrase`${answer}, and ${incomplete.length} that cannot be used yet`,
      meaning: joined(incomplete.map(meaningOf)),
      fix: joined(incomplete.map(fixOf)),
    }
  },
}

type Incomplete = ReturnType<typeof incompleteConnectors>

function none(incomplete: Incomplete): Pick<Finding, 'status' | 'meaning' | 'fix'> {
  if (incomplete.length > 0) {
    return {
      status: 'broken',
      meaning: joined(incomplete.map(meaningOf)),
      fix: joined(incomplete.map(fixOf)),
    }
  }
  return {
    status: 'broken',
    meaning: phrase`There is no enterprise connector, or none with issuer, client ID, client secret and an email domain.`,
    fix: phrase`Logto console → Enterprise SSO: complete the connector (Connection: Issuer, Client ID, Client Secret; SSO Experience: Enterprise email domains), or Add enterprise connector → Okta; ${commandLine('provision')} does either.`,
  }
}

const meaningOf = ({ name, lacks }: Incomplete[number]) => phrase`${name} lacks ${joined(lacks, ', ')}.`

const fixOf = ({ name, lacks }: Incomplete[number]) =>
  phrase`${connectorPage(name)}: fill in ${joined(lacks, ', ')}`
