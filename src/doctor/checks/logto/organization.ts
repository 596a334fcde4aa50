import { commandLine } from '../../../settings/command-line.ts'
import { joined } from '../../../words/phrase.ts'
import { type Check, notTried } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { behindManagement, management } from '../../steps/management.ts'

/** Companies that are looked at, where no address chooses one. */
const most = 20

/** Whether somebody of a company who signs in for the first time is a member of its organization when they arrive. */
export const organization: Check = {
  id: 'organization',
  title: phrase`The organization of a company’s people`,
  needs: ['management'],
  async examine(on) {
    const tried = phrase`read through which connectors people join, by the Management API`
    const domain = on.email?.split('@').at(-1)
    const companies = on.config.connectors
      .filter(({ organizationId, domains }) => organizationId && (!domain || domains.includes(domain)))
      .slice(0, most)
    if (companies.length === 0) return notTried(tried, phrase`no company here has an organization`)
    const api = await management(on)
    if ('absent' in api) return notTried(tried, behindManagement)
    const joins = await Promise.all(
      companies.map(({ id, organizationId = '' }) =>
        api.joinedThrough(organizationId).then(
          (through) => through.includes(id),
          () => false, // it is gone
        ),
      ),
    )
    const outside = companies.filter((_, at) => !joins[at])
    const answer = phrase`${companies.length} looked at, ${outside.length} that nobody joins`
    if (outside.length === 0) return { status: 'ok', tried, answer }
    return {
      status: 'broken',
      tried,
      answer,
      meaning: joined(
        outside.map(
          ({ name, organizationId }) =>
            phrase`Who signs in through “${name}” is no member of the organization ${organizationId}, unless somebody adds them.`,
        ),
      ),
      fix: joined(
        outside.map(
          ({ name, id, organizationId }) =>
            phrase`Run ${commandLine('provision', `--connector-name '${name}'`)}; or Logto console → Organizations → ${organizationId} → Just-in-time provisioning → Enterprise SSO: add the connector ${id}.`,
        ),
      ),
      blocks: false,
    }
  },
}
