import type { Response } from 'express'
import type { z } from 'zod'
import { logtoIssueOf } from './zod-issues.ts'

interface More {
  data?: unknown
  details?: string
}

/** What the Management API refuses with: a status, and a body of `code`, `message` and sometimes more. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly more: More

  constructor(status: number, code: string, message: string, more: More = {}) {
    super(message)
    this.status = status
    this.code = code
    this.more = more
  }

  send(res: Response): void {
    res.status(this.status).json({ code: this.code, message: this.message, ...this.more })
  }
}

type Part = 'body' | 'query'

/** A request that cannot be read, or is not of the shape it should be. */
export const invalidInput = (part: Part, more?: More): ApiError =>
  new ApiError(400, 'guard.invalid_input', `The request ${part} is invalid.`, more)

/**
 * The part of a request as its schema has it.
 *
 * @throws ApiError with every fault
 */
export function guard<T>(schema: z.ZodType<T>, part: Part, value: unknown): T {
  const { data, error } = schema.safeParse(value ?? {}, { reportInput: true })
  if (!error) return data
  const found = error.issues.map(logtoIssueOf)
  throw invalidInput(part, {
    data: { issues: found.map(({ issue }) => issue), name: 'ZodError' },
    details: found.map(({ detail }) => detail).join('\n'),
  })
}

/** Logto has three ways of saying that there is no such thing: one where it reads it, */
export const notFound = (table: string, id: string): ApiError =>
  new ApiError(404, 'entity.not_exists_with_id', `The ${table} with ID \`${id}\` does not exist.`)

/** one where it changes it unread, */
export const notThereToChange = (name: string): ApiError =>
  new ApiError(404, 'entity.not_exists', `The ${name} does not exist.`)

/** and one where it deletes it unread, or looks for a user. */
export const notThere = (): ApiError => new ApiError(404, 'entity.not_found', 'The resource does not exist.')
