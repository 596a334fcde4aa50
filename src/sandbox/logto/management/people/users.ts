import { Router } from 'express'
import { textOf } from '../../../shared/pages/text-of.ts'
import { deleteUser, type PeopleParts, setSuspended, userInfoOf } from '../../state/people.ts'
import type { User } from '../../state/state.ts'
import { findUser } from '../../state/users.ts'
import { ApiError, guard, invalidInput, notFound, notThere } from '../shared/api-error.ts'
import { sendList } from '../shared/pagination.ts'
import { refuseSearch } from '../shared/refuse-search.ts'
import { UserPatch, UserSuspension } from '../shared/schemas.ts'

/** Users: list, read, give an address, suspend, delete. */
export function createUserRoutes(people: PeopleParts): Router {
  const { tenant } = people
  const router = Router()
  const find = (id: string) => {
    const user = findUser(tenant, id)
    if (!user) throw notThere()
    return user
  }

  router.get('/users', (req, res) => {
    refuseSearch(req, ['search.primaryEmail', 'mode.primaryEmail'])
    const email = textOf(req.query, 'search.primaryEmail').toLowerCase()
    // Logto searches by likeness where no mode is said.
    if (email && textOf(req.query, 'mode.primaryEmail') !== 'exact')
      throw invalidInput('query', { details: 'The sandbox searches with mode.primaryEmail=exact only.' })
    const found = tenant.users.filter(({ primaryEmail }) => !email || primaryEmail?.toLowerCase() === email)
    // The newest first, as Logto lists them.
    sendList(req, res, found.map(viewOf).reverse(), { always: true })
  })
  router.patch('/users/:userId', (req, res) => {
    const { primaryEmail } = guard(UserPatch, 'body', req.body)
    const user = find(req.params.userId)
    const isTaken = tenant.users.some((other) => other !== user && other.primaryEmail === primaryEmail)
    if (primaryEmail && isTaken)
      throw new ApiError(
        422,
        'user.email_already_in_use',
        'This email is associated with an existing account.',
      )
    Object.assign(user, { ...(primaryEmail && { primaryEmail }), updatedAt: Date.now() })
    res.json(viewOf(user))
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
