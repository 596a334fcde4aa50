import { z } from 'zod'
import { AppUser, OktaUser } from './answers.ts'

/** How one org is asked; see `connectOkta`. */
export interface Asking {
  ask: <T>(schema: z.ZodType<T>, call: () => Promise<unknown>) => Promise<T>
  /** GET of a path below `/api/v1`. */
  get: (path: string) => Promise<unknown>
}

/** What an org tells of its people. */
export function peopleCalls({ ask, get }: Asking) {
  return {
    /**
     * People who have this address as their email or as their login, deactivated ones too. `search` minds no case, as
     * `filter` does, but may be a moment old: each of the people is read again by ID.
     */
    async peopleWith(address: string): Promise<OktaUser[]> {
      const value = JSON.stringify(address)
      const search = new URLSearchParams({ search: `profile.email eq ${value} or profile.login eq ${value}` })
      const found = await ask(z.array(OktaUser), () => get(`/users?${search}`))
      return Promise.all(found.map(({ id }) => ask(OktaUser, () => get(`/users/${encodeURIComponent(id)}`))))
    },

    /** How somebody is assigned to an app, by name or by a group. @returns undefined for who is not */
    assignmentOf: (appId: string, userId: string): Promise<AppUser | undefined> =>
      ask(AppUser.optional(), () =>
        get(`/apps/${encodeURIComponent(appId)}/users/${encodeURIComponent(userId)}`).catch((error) => {
          if (error.status === 404) return undefined
          throw error
        }),
      ),
  }
}
