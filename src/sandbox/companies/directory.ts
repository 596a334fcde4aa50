import { randomUUID } from 'node:crypto'
import { hashPassword, passwordMatches } from '../shared/password.ts'

/** Somebody at a company. */
export interface Person {
  /** What their provider calls them, to everybody alike. */
  id: string
  /** What Entra calls them in every tenant's directory. */
  objectId: string
  email: string
  givenName: string
  familyName: string
  isActive: boolean
  passwordHash: string
}

export const nameOf = ({ givenName, familyName }: Person) => `${givenName} ${familyName}`

export async function createPerson(
  person: Pick<Person, 'email' | 'givenName' | 'familyName'>,
  password: string,
): Promise<Person> {
  return {
    id: randomUUID(),
    objectId: randomUUID(),
    isActive: true,
    passwordHash: await hashPassword(password),
    ...person,
  }
}

/** The person behind an email and password; nothing for a wrong password and for an account that is off alike. */
export async function signIn(
  people: readonly Person[],
  username: string,
  password: string,
): Promise<Person | undefined> {
  const email = username.trim().toLowerCase()
  const person = people.find((each) => each.email === email)
  const matches = await passwordMatches(password, person?.passwordHash)
  return matches && person?.isActive ? person : undefined
}

/** The person with this ID, if they may sign in. */
export const activePerson = (people: readonly Person[], id: string | undefined): Person | undefined =>
  people.find((person) => person.id === id && person.isActive)
