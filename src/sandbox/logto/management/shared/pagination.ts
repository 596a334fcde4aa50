import type { Request, Response } from 'express'
import { z } from 'zod'
import { ApiError } from './api-error.ts'

const LARGEST_PAGE = 100
const Page = z.object({
  page: z.coerce.number().int().positive().default(1),
  page_size: z.coerce.number().int().positive().max(LARGEST_PAGE).default(20),
})

/** The query parameters a page is asked for with. */
export const PAGE_PARAMS = Object.keys(Page.shape)

/**
 * Answers with a list: whole when no page is asked for, otherwise one page, with how many there are in all
 * (`Total-Number`) and where the other pages are (`Link`, RFC 8288).
 *
 * @param always gives the first page where none is asked for, for the lists Logto never gives whole
 * @throws ApiError when the page is none
 */
export function sendList(
  req: Request,
  res: Response,
  list: readonly unknown[],
  { always = false } = {},
): void {
  const asked = Object.entries(req.query).filter(([name, value]) => name in Page.shape && value !== '')
  if (asked.length === 0 && !always) {
    res.json(list)
    return
  }
  const { data } = Page.safeParse(Object.fromEntries(asked))
  if (!data) {
    throw new ApiError(400, 'guard.invalid_pagination', 'The request pagination value is invalid.')
  }
  const { page, page_size: size } = data
  const last = Math.ceil(list.length / size) || 1
  const pages = {
    first: 1,
    last,
    ...(page > 1 && { prev: page - 1 }),
    ...(page < last && { next: page + 1 }),
  }
  res.set('Total-Number', String(list.length))
  for (const [rel, number] of Object.entries(pages)) {
    res.append('Link', `<${addressOf(req, number)}>; rel="${rel}"`)
  }
  res.json(list.slice((page - 1) * size, page * size))
}

function addressOf(req: Request, page: number): string {
  const url = new URL(req.originalUrl, `${req.protocol}://${req.host}`)
  url.searchParams.set('page', String(page))
  return url.href
}
