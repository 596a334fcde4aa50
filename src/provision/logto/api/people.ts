import type { createApiClient } from '@logto/api/management'
import { z } from 'zod'
import { Identities, IdTokenConfig, User } from './answers.ts'

/** How answers of the Management API are read; see `managementClient`. */
export interface Reading {
  client: ReturnType<typeof createApiClient>
  read: <T>(schema: z.ZodType<T>, call: Promise<Answer>) => Promise<T>
  asJson: (call: Promise<Answer>) => Promise<Answer>
  /** A plan may lack it (403), and so may an older Logto (404). What the application itself may not do is an error. */
  isLacking: (call: Promise<Answer>, status: number) => Promise<boolean>
}

export type Answer = { data?: unknown; error?: unknown; response: Response }

/** What every ID token has of the extended claims at a tenant that was told nothing else. */
const DEFAULT_CLAIMS = ['roles', 'organizations', 'organization_roles']

/** The largest page that Logto gives, and how many of them are read of accounts. */
const PAGE = 100
const PAGES = 10

/** Reads a list to its end, or its first pages. */
export async function inPages<T>(
  page: (query: { page: number; page_size: number }) => Promise<T[]>,
  most = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const all: T[] = []
  for (let number = 1; number <= most; number += 1) {
    const some = await page({ page: number, page_size: PAGE })
    all.push(...some)
    if (some.length < PAGE) break
  }
  return all
}

/** What a tenant tells of people: in ID tokens, and who they are at their companies. */
export function peopleCalls({ client, read, isLacking }: Reading) {
  return {
    /** @returns the extended claims that ID tokens have; undefined where the plan lets nobody see them */
    async idTokenClaims(): Promise<string[] | undefined> {
      const call = client.GET('/api/configs/id-token')
      if (await isLacking(call, 403)) return undefined
      if (await isLacking(call, 404)) return DEFAULT_CLAIMS
      return (await read(IdTokenConfig, call)).enabledExtendedClaims
    },

    /** @returns whether Logto has taken them; it does not where its plan or its version has no such configuration */
    async setIdTokenClaims(enabledExtendedClaims: string[]): Promise<boolean> {
      const body = { enabledExtendedClaims } as z.input<typeof IdTokenConfig> & {
        enabledExtendedClaims: never[]
      }
      const call = client.PUT('/api/configs/id-token', { body })
      if ((await isLacking(call, 403)) || (await isLacking(call, 404))) return false
      await read(IdTokenConfig, call)
      return true
    },

    /** The newest accounts, a thousand of them at most. */
    users: (): Promise<User[]> =>
      inPages((query) => read(z.array(User), client.GET('/api/users', { params: { query } })), PAGES),

    /** The account with this email, in whatever case. */
    async userWithEmail(email: string): Promise<User | undefined> {
      // Logto's document names these keys nowhere but in prose.
      const query = { page: 1, 'search.primaryEmail': email, 'mode.primaryEmail': 'exact' }
      const [user] = await read(z.array(User), client.GET('/api/users', { params: { query } }))
      return user
    },

    /** @returns whether the account has the address now; not where another one has it */
    async setEmail(userId: string, primaryEmail: string): Promise<boolean> {
      const params = { path: { userId } }
      const call = client.PATCH('/api/users/{userId}', { params, body: { primaryEmail } })
      if (await isLacking(call, 422)) return false
      await read(User, call)
      return true
    },

    /** Who somebody is at the companies' identity providers. */
    identities: (userId: string) =>
      read(Identities, client.GET('/api/users/{userId}/all-identities', { params: { path: { userId } } })),
  }
}
