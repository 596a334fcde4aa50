import { randomUUID } from 'node:crypto'
import type { Sandbox } from '../../src/sandbox/index.ts'

/** Somebody who works at the sandbox's company. */
export interface Person {
  email: string
  name: string
}

/**
 * Lets more people work at the sandbox's company, with the password of the others and in their group.
 *
 * @param count how many
 */
export function hire({ org }: Pick<Sandbox, 'org'>, count: number): Person[] {
  const [model] = org.users
  const staff = org.groups.find(({ type }) => type === 'OKTA_GROUP')
  if (!model || !staff) throw new Error('the company of the sandbox has nobody to go by')
  return Array.from({ length: count }, (_, number) => {
    const email = `person-${number}@acme.example`
    const [firstName, lastName] = [`Person${number}`, `Number${number}x`]
    const name = `${firstName} ${lastName}`
    const id = `00u${randomUUID().replaceAll('-', '').slice(0, 17)}`
    const profile = { ...model.profile, login: email, email, firstName, lastName, displayName: name }
    org.users.push({ ...model, id, profile })
    staff.memberIds.add(id)
    return { email, name }
  })
}
