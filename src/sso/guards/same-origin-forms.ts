import type { Request, RequestHandler } from 'express'
import type { Config } from '../../settings/config.ts'
import { AppError } from '../http/app-error.ts'
import { bodyOf, requestBody } from '../http/request/request-body.ts'
import { isForeignPost } from '../http/request/request-source.ts'

/** Bytes a form of ours may have. */
const longest = 1024

/**
 * Lets only forms through that a page of ours sent, and reads them for `fieldOf`.
 *
 * @returns middleware that raises a 403 for a form of another origin
 */
export function ownForms({ baseUrl }: Pick<Config, 'baseUrl'>): RequestHandler[] {
  const { origin } = new URL(baseUrl)
  const ours: RequestHandler = (req, _res, next) => {
    if (!isForeignPost(req, origin)) return next()
    throw new AppError({ status: 403, code: 'foreign_origin', words: 'foreign_form' })
  }
  return [ours, ...requestBody('application/x-www-form-urlencoded', longest)]
}

/** A field of a form that `ownForms` has read; empty where there is none. */
export function fieldOf(req: Request, name: string): string {
  return new URLSearchParams(bodyOf(req).toString()).get(name) ?? ''
}
