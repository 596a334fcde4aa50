import type { Request, Response } from 'express'
import { keepOutOfCaches } from '../http/answer/security-headers.ts'
import { sendWhole } from '../http/answer/send-whole.ts'
import { AppError } from '../http/app-error.ts'
import { prefersJson } from '../http/request/request-kind.ts'
import { referenceOf } from '../http/request-log.ts'
import type { Views } from './views.ts'

/** What an error is answered as: JSON as this app has it, JSON as OAuth has it (RFC 6749 §5.2), or a page. */
export type ErrorForm = 'json' | 'oauth' | 'page'

/** Statuses that have a title of their own in the catalogues; others share one for a mistake and one for a fault. */
const titled = [401, 403, 404, 429, 503]

/** Headers that a handler may have set for what it meant to send. */
const ofTheAnswerMeant = ['Content-Type', 'Content-Encoding', 'Content-Range', 'ETag', 'Last-Modified']

/**
 * The one place that answers with an error. Shows what an `AppError` allows, and of anything else only that it
 * happened; the reference leads to the log line with the rest.
 *
 * @param views the page and the words
 * @returns a function for an answer that has not begun; without a form, whoever prefers JSON gets it
 */
export function errorAnswers(views: Views) {
  return (thrown: unknown, req: Request, res: Response, form?: ErrorForm): void => {
    const error = toAppError(thrown)
    if (req.sso) req.sso.fault = error
    const { status, code, words, params, action, others } = error
    const { t } = views.translationFor(req)
    const message = t(`errors.${words}`, params)
    const reference = referenceOf(req)
    for (const name of ofTheAnswerMeant) res.removeHeader(name)
    views.setHeaders(res)
    for (const [name, value] of Object.entries(error.headers)) res.setHeader(name, value)
    keepOutOfCaches(res)
    res.status(status)
    const as = form ?? (prefersJson(req) ? 'json' : 'page')
    if (as === 'oauth') {
      sendJson(res, { error: oauthError(status), error_description: `${message} Reference ${reference}.` })
    } else if (as === 'json') {
      sendJson(res, { error: { code, message, reference } })
    } else {
      views.show(req, res, 'error', {
        status,
        code,
        title: t(`titles.${titled.includes(status) ? status : status < 500 ? 'mistake' : 'fault'}`),
        message,
        action,
        others,
        reference,
        here: '/', // the address of what failed may hold a code
      })
    }
  }
}

const sendJson = (res: Response, body: object) => sendWhole(res, 'application/json', JSON.stringify(body))

/** OAuth's word for it (RFC 6749 §4.1.2.1 and §5.2; OpenID Connect Back-Channel Logout 1.0 §2.8). */
function oauthError(status: number): string {
  if (status === 503 || status === 429) return 'temporarily_unavailable'
  return status < 500 ? 'invalid_request' : 'server_error'
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const status = mistakeStatus(thrown)
  if (status) return new AppError({ status, code: 'bad_request', cause: thrown })
  return new AppError({ status: 500, code: 'internal_error', cause: thrown })
}

/** Express and its parsers mark the visitor's mistakes with a 4xx `status`, such as a path that cannot be decoded. */
function mistakeStatus(thrown: unknown): number | undefined {
  const status = thrown instanceof Error && 'status' in thrown ? thrown.status : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}
