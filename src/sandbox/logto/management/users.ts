import { Router } from 'express'
import { type PeopleParts, setSuspended, userInfoOf } from '../people.ts'
import type { User } from '../state.ts'
import { findUser } from '../users.ts'
import { guard, invalidInput, notFound } from './api-error.ts'
import { PAGE_PARAMS, sendList } from './pagination.ts'
import { UserSuspension } from './schemas.ts'

/** Users: list, suspend. */
export function createUserRoutes(people: PeopleParts): Router {
  const { tenant } = people
  const router = Router()

  router.get('/users', (req, res) => {
    // Logto searches by many words; to pass over them would answer with people nobody asked for.
    const unknown = Object.keys(req.query).filter((name) => !PAGE_PARAMS.includes(name))
    if (unknown.length > 0)
      throw invalidInput('query', { details: `The sandbox has no ${unknown.join(', ')}.` })
    // The newest first, as Logto lists them.
    sendList(req, res, tenant.users.map(viewOf).reverse(), { always: true })
  })
  router.patch('/users/:userId/is-suspended', (req, res) => {
    const { isSuspended } = guard(UserSuspension, 'body', req.body)
    const user = findUser(tenant, req.params.userId)
    if (!user) throw notFound('users', req.params.userId)
    // Not waited for: Logto tells its hooks after it has answered.
    void setSuspended(people, user, isSuspended)
    res.json(viewOf(user))
  })
  return router
}

const viewOf = (user: User) => ({ ...userInfoOf(user), hasPassword: user.passwordEncrypted !== null })
