import { z } from 'zod'

type Claims = Readonly<Record<string, unknown>>

export interface Membership {
  id: string
  /** The ID, where Logto was not asked or did not say. */
  name: string
  description: string | undefined
  roles: string[]
}

const strings = z.array(z.string()).catch([])
const described = z
  .array(z.object({ id: z.string(), name: z.string(), description: z.string().nullish() }))
  .catch([])

/**
 * A person's memberships, by the claims of Logto's organization scopes: `organizations`, and `organization_roles` as
 * `<organization ID>:<role>`. What userinfo says is newer than the ID token, and wins.
 *
 * @param claims of the ID token
 * @param info of userinfo, which alone has `organization_data`
 */
export function membershipsIn(claims: Claims, info: Claims = {}): Membership[] {
  const newest = (name: string) => strings.parse(info[name] ?? claims[name])
  const roles = newest('organization_roles')
  const data = described.parse(info.organization_data)
  return newest('organizations').map((id) => {
    const { name = id, description } = data.find((each) => each.id === id) ?? {}
    const prefix = `${id}:`
    return {
      id,
      name,
      description: description ?? undefined,
      roles: roles.filter((role) => role.startsWith(prefix)).map((role) => role.slice(prefix.length)),
    }
  })
}

/** The names in a claim that lists some, such as `roles`. */
export const namesIn = (claim: unknown): string[] => strings.parse(claim)
