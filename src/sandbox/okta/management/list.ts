import type { Request, Response } from 'express'
import { textOf } from '../../shared/pages/text-of.ts'
import { invalidSearch, validationFailed } from './api-error.ts'

interface Paging {
  /** Where the links lead: Okta's address. */
  issuer: string
  defaultLimit: number
  largestLimit: number
}

/**
 * Answers with one page of a list and, in `Link` (RFC 8288), with where it and the next one are. The cursor is the ID
 * of the last one sent; callers are to take it as it is.
 *
 * @throws ApiError for a limit or a cursor that is none
 */
export function sendPage<T extends { id: string }>(
  req: Request,
  res: Response,
  list: readonly T[],
  viewOf: (item: T) => unknown,
  { issuer, defaultLimit, largestLimit }: Paging,
): void {
  const limit = Number(textOf(req.query, 'limit') || defaultLimit)
  if (!Number.isInteger(limit) || limit < 1 || limit > largestLimit) {
    throw validationFailed([['limit', `The value must be from 1 to ${largestLimit}`]])
  }
  const after = textOf(req.query, 'after')
  const start = after ? list.findIndex(({ id }) => id === after) + 1 : 0
  if (after && start === 0) throw validationFailed([['after', 'The cursor is not valid']])
  const page = list.slice(start, start + limit)
  const url = new URL(req.originalUrl, issuer)
  res.append('Link', `<${url.href}>; rel="self"`)
  const last = page.at(-1)
  if (last && start + limit < list.length) {
    url.searchParams.set('limit', String(limit))
    url.searchParams.set('after', last.id)
    res.append('Link', `<${url.href}>; rel="next"`)
  }
  res.json(page.map(viewOf))
}

/** One comparison, and whether another one follows. */
const COMPARISON = /^\s*([\w.]+)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*(?:$|or\s+(?=\S))/i

/**
 * Reads the one form of a filter the sandbox has: `property eq "value"`, or several of them with `or` between.
 *
 * @param readers how each of the properties is read off an item
 * @param folded what both sides are compared as: Okta's `filter` minds the case, its `search` of people does not
 * @throws ApiError for any other form or property
 */
export function filterBy<T>(
  expression: string,
  readers: Record<string, (item: T) => string>,
  folded = (text: string) => text,
): (item: T) => boolean {
  if (!expression) return () => true
  const [comparison, property = '', quoted = ''] = COMPARISON.exec(expression) ?? []
  const read = Object.hasOwn(readers, property) ? readers[property] : undefined
  if (!comparison || !read) throw invalidSearch()
  const wanted = folded(quoted.replace(/\\(.)/g, '$1'))
  const rest = expression.slice(comparison.length)
  const others = rest ? filterBy(rest, readers, folded) : () => false
  return (item) => folded(read(item)) === wanted || others(item)
}

/** Whether one of the texts begins as asked; Okta minds no case. */
export const startsWith = (asked: string, ...texts: string[]): boolean =>
  texts.some((text) => text.toLowerCase().startsWith(asked.toLowerCase()))
