import { Router } from 'express'
import { deleteUser, type PeopleParts, setSuspended, userInfoOf } from '../people.ts'
import type { User } from '../state.ts'
import { findUser } from '../users.ts'
import { guard, notFound, notThere } from './api-error.ts'
import { sendList } from './pagination.ts'
import { refuseSearch } from './refuse-search.ts'
import { UserSuspension } from './schemas.ts'

/** Users: list, read, suspend, delete. */
export function createUserRoutes(people: PeopleParts): Router {
  const { tenant } = people
  const router = Router()
  const find = (id: string) => {
    const user = findUser(tenant, id)
    if (!user) throw notThere()
    return user
  }

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
  router.get('/users/:userId', (req, res) => {
    res.json(viewOf(find(req.params.userId)))
  })
  router.delete('/users/:userId', (req, res) => {
    void deleteUser(people, find(req.params.userId))
    res.status(204).end()
  })
  return router
}

const viewOf = (user: User) => ({ ...userInfoOf(user), hasPassword: user.passwordEncrypted !== null })
