import type { Request } from 'express'
import { invalidInput } from './api-error.ts'
import { PAGE_PARAMS } from './pagination.ts'

/**
 * For the lists that Logto searches by many words: to pass over them would answer with what nobody asked for.
 *
 * @param known the parameters that the list has beside those of a page
 * @throws ApiError for any other
 */
export function refuseSearch(req: Request, known: readonly string[] = []): void {
  const unknown = Object.keys(req.query).filter((name) => ![...PAGE_PARAMS, ...known].includes(name))
  if (unknown.length === 0) return
  throw invalidInput('query', { details: `The sandbox has no ${unknown.join(', ')}.` })
}
