import type { RequestHandler } from 'express'
import type { Config } from '../../settings/config.ts'
import { AppError } from '../http/app-error.ts'
import { isForeignPost } from '../http/request/request-kind.ts'

/**
 * Lets only forms through that a page of this origin sent.
 *
 * @returns middleware that raises a 403 for a form of another one
 */
export function sameOriginForms({ baseUrl }: Pick<Config, 'baseUrl'>): RequestHandler {
  const { origin } = new URL(baseUrl)
  return (req, _res, next) => {
    if (isForeignPost(req, origin))
      throw new AppError({ status: 403, code: 'foreign_origin', words: 'foreign_form' })
    next()
  }
}
