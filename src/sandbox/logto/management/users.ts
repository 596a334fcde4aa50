import { Router } from 'express'
import { type PeopleParts, setSuspended, userInfoOf } from '../people.ts'
import type { User } from '../state.ts'
import { findUser } from '../users.ts'
import { guard, notFound } from './api-error.ts'
import { sendList } from './pagination.ts'
import { refuseSearch } from './refuse-search.ts'
import { UserSuspension } from './schemas.ts'

/** Users: list, suspend. */
export function createUserRoutes(people: PeopleParts): Router {
  const { tenant } = people
  const router = Router()

  router.get('/users', (req, res) => {
    refuseSearch(req)
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
