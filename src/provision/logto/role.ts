import type { InEachLanguage } from '../../words/phrase.ts'
import type { Desired } from '../desired.ts'
import { additions, replacement, type Step } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import { known, type Wired } from '../wired.ts'
import type { Role, RoleScope } from './api/answers.ts'
import type { LogtoManagement } from './api/management.ts'

/** What the role is called where there is none yet. */
export const roleName = (appName: string) => `${appName} API access`

const DESCRIPTION = "May use the app's API."

/**
 * A role for people that opens the app's API: any that has all its permissions will do, whatever it is called; else the
 * one of our name is given them, or made. Nobody is given the role here, and it is no default: that is for people to say.
 *
 * @throws ProvisionError when our name is the name of a role for machines, or of another API's
 */
export async function planRole(
  logto: LogtoManagement,
  { apiResource, apiPermissions, appName }: Desired & { apiResource: string },
  wired: Wired,
): Promise<Step> {
  const name = roleName(appName)
  const lackedBy = (scopes: readonly RoleScope[]) => lacking(apiPermissions, scopes, apiResource)
  const all = await logto.roles()
  const ours = all.find((role) => role.name === name)
  const scopes = ours ? await logto.roleScopes(ours.id) : []
  const lacks = lackedBy(scopes)
  const done =
    ours?.type === 'User' && lacks.length === 0
      ? ours
      : await roleThatHas(apiPermissions, {
          lackedBy,
          logto,
          roles: all.filter((role) => role !== ours),
          wired,
        })
  if (done) return { ...left, resource: phrase`Logto: role “${done.name}” (${done.id})` }

  const ids = () => lacks.map((permission) => known(wired, 'permissionIds')[permission] ?? '')
  if (!ours) {
    return {
      resource: phrase`Logto: role “${name}”`,
      action: 'create',
      changes: [
        ...replacement(phrase`type`, undefined, phrase`for people`),
        ...additions(phrase`permissions`, [], lacks),
      ],
      notes: [phrase`nobody has it until you give it to them: Logto console → Roles.`],
      async apply() {
        await logto.createRole(name, DESCRIPTION, ids())
      },
    }
  }
  if (ours.type !== 'User') throw nameTaken(ours, phrase`for machines`)
  if (scopes.length > 0 && !scopes.some(({ resource }) => resource.indicator === apiResource)) {
    throw nameTaken(ours, phrase`for another API, ${scopes[0]?.resource.indicator}`)
  }
  return {
    resource: phrase`Logto: role “${name}” (${ours.id})`,
    action: 'change',
    changes: additions(phrase`permissions`, [], lacks),
    notes: [],
    async apply() {
      await logto.addRoleScopes(ours.id, ids())
    },
  }
}

const left = { action: 'leave', changes: [], notes: [], apply: async () => {} } satisfies Partial<Step>

/** The permissions that a role with these has not. */
const lacking = (
  permissions: readonly string[],
  scopes: readonly RoleScope[],
  apiResource: string,
): string[] =>
  permissions.filter(
    (name) => !scopes.some((scope) => scope.name === name && scope.resource.indicator === apiResource),
  )

interface Among {
  lackedBy: (scopes: readonly RoleScope[]) => string[]
  logto: LogtoManagement
  roles: readonly Role[]
  wired: Wired
}

/** The first role for people that has every permission; one at a time, for most tenants have few. */
async function roleThatHas(
  permissions: readonly string[],
  { lackedBy, logto, roles, wired }: Among,
): Promise<Role | undefined> {
  // As long as a permission is still to be made, no role has it.
  const made = known(wired, 'permissionIds')
  if (permissions.some((name) => !made[name])) return undefined
  for (const role of roles.filter(({ type }) => type === 'User')) {
    if (lackedBy(await logto.roleScopes(role.id)).length === 0) return role
  }
  return undefined
}

const nameTaken = ({ name, id }: Role, what: InEachLanguage) =>
  new ProvisionError(
    phrase`Logto has a role “${name}” (${id}) already, and it is ${what}.`,
    phrase`Rename it (Logto console → Roles), or give this app another name with APP_NAME (--app-name).`,
  )
