import type { Response, Router } from 'express'
import { z } from 'zod'
import { ApiError, guard, notFound, notThere } from '../shared/api-error.ts'
import { sendList } from '../shared/pagination.ts'

/** Things that belong to another thing, by their IDs. */
interface Relation {
  /** Of the owner, with its ID as `:id`, and what the others are called. */
  path: string
  /** What a body calls the IDs. */
  name: string
  /** The IDs, live; nothing where there is no such owner. */
  idsOf(ownerId: string): string[] | undefined
  /** The owner's table, as errors call it. */
  table: string
  /** A related thing as the API shows it; nothing where there is none. */
  view(id: string): unknown
}

type Owner = { id: string }

/** The four things that Logto does with every relation: list, add, replace, take away. */
export function addRelationRoutes(router: Router, { path, name, table, idsOf, view }: Relation): void {
  const body = (ids: z.ZodType<string[]>) => z.object({ [name]: ids })
  const changed = (ownerId: string, ids: readonly string[]) => {
    const related = idsOf(ownerId)
    if (!related || ids.some((id) => view(id) === undefined)) throw foreignKeyMissing()
    return related
  }

  router.get<Owner>(path, (req, res) => {
    const { id } = req.params
    const ids = idsOf(id)
    if (!ids) throw notFound(table, id)
    sendList(req, res, ids.map(view))
  })
  router.post<Owner>(path, (req, res) => {
    const { [name]: ids = [] } = guard(body(Ids.nonempty()), 'body', req.body)
    const related = changed(req.params.id, ids)
    related.push(...new Set(ids.filter((id) => !related.includes(id))))
    sendCreated(res)
  })
  router.put<Owner>(path, (req, res) => {
    const { [name]: ids = [] } = guard(body(Ids), 'body', req.body)
    const related = changed(req.params.id, ids)
    related.splice(0, related.length, ...new Set(ids))
    res.status(204).end()
  })
  router.delete<Owner & { relatedId: string }>(`${path}/:relatedId`, (req, res) => {
    const { id, relatedId } = req.params
    if (!removeFrom(idsOf(id) ?? [], relatedId)) throw notThere()
    res.status(204).end()
  })
}

export const Ids = z.array(z.string().min(1))

/** Logto has nothing to say of it, and its framework says the status in words. */
export const sendCreated = (res: Response) => res.status(201).type('text').send('Created')

/** @returns whether it was there */
export function removeFrom(ids: string[], id: string): boolean {
  const index = ids.indexOf(id)
  if (index >= 0) ids.splice(index, 1)
  return index >= 0
}

export const foreignKeyMissing = () =>
  new ApiError(
    422,
    'entity.relation_foreign_key_not_found',
    'Cannot find one or more foreign keys. Please check the input and ensure that all referenced entities exist.',
  )

export const alreadyThere = () =>
  new ApiError(
    422,
    'entity.unique_integrity_violation',
    'The entity already exists. Please check the input and try again.',
  )
