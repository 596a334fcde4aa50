import type { Response } from 'express'
import { apiError } from '../errors.ts'

/** What Okta's Management API refuses with: a status and one of its error codes. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly causes: readonly string[]

  constructor(status: number, code: string, summary: string, causes: readonly string[] = []) {
    super(summary)
    this.status = status
    this.code = code
    this.causes = causes
  }

  send(res: Response): void {
    res.status(this.status).json(apiError(this.code, this.message, this.causes))
  }
}

/** A request that breaks a rule; the summary names the first field, the causes all of them. */
export function validationFailed(faults: ReadonlyArray<readonly [field: string, problem: string]>): ApiError {
  const causes = faults.map(([field, problem]) => `${field}: ${problem}`)
  return new ApiError(400, 'E0000001', `Api validation failed: ${faults[0]?.[0]}`, causes)
}

export const notFound = (id: string, kind: string): ApiError =>
  new ApiError(404, 'E0000007', `Not found: Resource not found: ${id} (${kind})`)

export const invalidSearch = (): ApiError => new ApiError(400, 'E0000031', 'Invalid search criteria.')

export const malformedBody = (): ApiError =>
  new ApiError(400, 'E0000003', 'The request body was not well-formed.')
