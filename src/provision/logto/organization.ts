import type { InEachLanguage } from '../../words/phrase.ts'
import type { DesiredOrganization } from '../desired.ts'
import { additions, type Change, replacement, type Step } from '../plan.ts'
import { phrase } from '../problem.ts'
import { known, type Wired } from '../wired.ts'
import type { Organization } from './api/answers.ts'
import type { LogtoManagement } from './api/management.ts'

/** Where an organization says whose it is: names are not unique at Logto, and a connector does not say its organization. */
const OWNER = 'ssoConnectorId'

/**
 * The organization of the company's people: who signs in through the connector is a member when they arrive, in these
 * roles. Ours is the one that says so, or that has the name for its ID, or of those of its name the one that people join
 * through the connector; whoever has made another of that name keeps it.
 *
 * @param desired the organization's name, or its ID; roles and permissions of the template by name, made where they are not
 * @param wired knows the connector once it is made, and takes the organization's ID
 * @param left takes a sentence where the tenant's plan has no room for another one
 */
export async function planOrganization(
  logto: LogtoManagement,
  desired: DesiredOrganization,
  wired: Wired,
  left: InEachLanguage[],
): Promise<Step[]> {
  const { name, roles } = desired
  const { connectorId } = wired
  const all = await logto.organizations()
  const found = await ours(all, { name, connectorId, logto })
  const template = await planTemplate(logto, desired)
  if (found) wired.organizationId = found.id
  const joined = found ? await logto.joinedThrough(found.id) : []
  const given = found && roles.length > 0 ? await logto.joinedAs(found.id) : []
  const isJoined = connectorId !== undefined && joined.includes(connectorId)
  const lacks = roles.filter((role) => !given.includes(template.roleIds.get(role) ?? ''))
  const changes: Change[] = [
    ...(isJoined ? [] : [{ field: phrase`people join`, add: [phrase`through the connector`] }]),
    ...additions(phrase`roles of new members`, [], lacks),
    ...(found ? replacement(phrase`${OWNER}`, ownerOf(found), connectorId ?? '') : []),
  ]
  const namesake = all.find((other) => other.name === name && other !== found)
  const step: Step = {
    resource: found
      ? phrase`Logto: organization “${found.name}” (${found.id})`
      : phrase`Logto: organization “${name}”`,
    action: found ? (changes.length > 0 ? 'change' : 'leave') : 'create',
    changes,
    notes: namesake
      ? [phrase`there is another one of that name (${namesake.id}), which is not this company's and stays.`]
      : [],
    async apply() {
      const connector = known(wired, 'connectorId')
      const made = found ?? (await logto.createOrganization(name, { [OWNER]: connector }))
      if (!made) {
        left.push(
          phrase`Logto made no organization “${name}”: the tenant's plan has no room for another one.`,
        )
        return
      }
      wired.organizationId = made.id
      if (ownerOf(made) !== connector)
        await logto.changeOrganization(made.id, { ...made.customData, [OWNER]: connector })
      if (lacks.length > 0)
        await logto.joinAs(
          made.id,
          lacks.map((role) => template.roleIds.get(role) ?? ''),
        )
      if (!isJoined) await logto.joinThrough(made.id, connector)
    },
  }
  return [...template.steps, step]
}

const ownerOf = ({ customData }: Organization): string | undefined => {
  const owner = customData[OWNER]
  return typeof owner === 'string' ? owner : undefined
}

interface Sought {
  name: string
  connectorId: string | undefined
  logto: LogtoManagement
}

async function ours(
  all: readonly Organization[],
  { name, connectorId, logto }: Sought,
): Promise<Organization | undefined> {
  const byId = all.find(({ id }) => id === name)
  if (byId || connectorId === undefined) return byId
  const said = all.find((each) => ownerOf(each) === connectorId)
  if (said) return said
  for (const each of all.filter((other) => other.name === name)) {
    if ((await logto.joinedThrough(each.id)).includes(connectorId)) return each
  }
  return undefined
}

/** What of the organization template these roles need: permissions, roles, and which permission each has. */
async function planTemplate(logto: LogtoManagement, { roles, permissions }: DesiredOrganization) {
  const roleIds = new Map<string, string>()
  if (roles.length === 0) return { roleIds, steps: [] }
  const [there, scopes] = [await logto.organizationRoles(), await logto.organizationPermissions()]
  const scopeIds = new Map(scopes.map(({ name, id }) => [name, id]))
  for (const { name, id } of there) if (roles.includes(name)) roleIds.set(name, id)
  const lackedBy = (role: string) => {
    const has = there.find(({ name }) => name === role)?.scopes.map(({ name }) => name) ?? []
    return permissions.filter((permission) => !has.includes(permission))
  }
  const changes = [
    ...additions(phrase`permissions`, [...scopeIds.keys()], permissions),
    ...additions(phrase`roles`, [...roleIds.keys()], roles),
    ...roles.flatMap((role) => additions(phrase`permissions of “${role}”`, [], lackedBy(role))),
  ]
  const step: Step = {
    resource: phrase`Logto: organization template`,
    action: changes.length > 0 ? 'change' : 'leave',
    changes,
    notes: [],
    async apply() {
      for (const name of permissions.filter((each) => !scopeIds.has(each)))
        scopeIds.set(name, (await logto.createOrganizationPermission(name)).id)
      for (const role of roles) {
        const id = roleIds.get(role) ?? (await logto.createOrganizationRole(role)).id
        roleIds.set(role, id)
        const lacked = lackedBy(role).map((permission) => scopeIds.get(permission) ?? '')
        if (lacked.length > 0) await logto.givePermissions(id, lacked)
      }
    },
  }
  return { roleIds, steps: [step] }
}
