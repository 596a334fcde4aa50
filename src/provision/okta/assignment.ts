import { comma, joined } from '../../words/phrase.ts'
import { additions, type Step } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import { known, type Wired } from '../wired.ts'
import type { OktaManagement } from './management.ts'

/**
 * Who may use the app: a group of theirs.
 *
 * @throws ProvisionError when there is no such group
 */
export async function planAssignment(okta: OktaManagement, name: string, wired: Wired): Promise<Step> {
  const groups = await okta.groups(name)
  const group = groups.find(({ profile }) => profile.name === name)
  if (!group) {
    const others = groups.map(({ profile }) => phrase`“${profile.name}”`)
    throw new ProvisionError(
      others.length > 0
        ? phrase`Okta shows no group named “${name}”, but ${joined(others, comma)}.`
        : phrase`Okta shows no group named “${name}”.`,
      phrase`Set OKTA_GROUP (--okta-group) to the name of a group, letter for letter; a token of a group administrator does not see Everyone.`,
    )
  }
  const assigned = wired.oktaAppId !== undefined && (await okta.isAssigned(wired.oktaAppId, group.id))
  return {
    resource: phrase`Okta: assignment to the group “${name}”`,
    action: assigned ? 'leave' : 'create',
    changes: assigned ? [] : additions(phrase`groups`, [], [name]),
    notes: [],
    async apply() {
      await okta.assign(known(wired, 'oktaAppId'), group.id)
    },
  }
}
