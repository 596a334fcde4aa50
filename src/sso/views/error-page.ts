import type { Request, Response } from 'express'
import { keepOutOfCaches, sendWhole } from '../http/answer.ts'
import { AppError, type ErrorAction } from '../http/app-error.ts'
import { prefersJson } from '../http/request/request-kind.ts'
import type { Views } from './views.ts'
import { whomToAsk } from './whom-to-ask.ts'

/** What an error is answered as: JSON as this app has it, JSON as OAuth has it (RFC 6749 §5.2), or a page. */
export type ErrorForm = 'json' | 'oauth' | 'page'

/** Headers that a handler may have set for what it meant to send. */
const ofTheAnswerMeant = ['Content-Type', 'Content-Encoding', 'Content-Range', 'ETag', 'Last-Modified']

/**
 * The one place that answers with an error. Shows what an `AppError` allows, and of anything else only that it
 * happened; the reference leads to the log line with the rest.
 *
 * @param views the page and the words
 * @param baseUrl where the app is, without a trailing slash
 * @returns a function for an answer that has not begun; without a form, whoever prefers JSON gets it
 */
export function errorAnswers(views: Pick<Views, 'setHeaders' | 'translationFor' | 'show'>, baseUrl: string) {
  const home = { href: `${baseUrl}/`, label: 'home' as const }
  return (thrown: unknown, req: Request, res: Response, form?: ErrorForm): void => {
    const error = toAppError(thrown)
    if (req.sso) req.sso.fault = error
    const { status, code, words, params, action, others } = error
    const { t } = views.translationFor(req)
    /** The words of the first of these keys that has some. */
    const firstOf = (keys: string[]) =>
      keys.map((key) => [key, t(key, params)]).find(([key, said]) => key !== said)?.[1]
    const helper = whomToAsk(words, status)
    const first = action ?? again(req, status, baseUrl) ?? home
    const message = t(`errors.${words}`, params)
    const reference = String(req.sso?.id)
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
        title:
          firstOf([words, status, status < 500 ? 'mistake' : 'fault'].map((each) => `titles.${each}`)) ?? '',
        message,
        whom: helper && t(`whom.${helper}`),
        // One way on that is likely to help, and what else there is.
        action: first === 'none' ? undefined : first,
        others: first === 'none' || first === home ? others : [...others, home],
        reference,
        here: '/', // the address of what failed may hold a code
      })
    }
  }
}

/** The way on where waiting may help: to the same page. Not where its address holds a code, or leads elsewhere. */
function again(
  { method, originalUrl, query }: Request,
  status: number,
  baseUrl: string,
): ErrorAction | undefined {
  if ((status !== 503 && status !== 429) || method !== 'GET' || query.state !== undefined) return undefined
  if (!URL.canParse(originalUrl, baseUrl)) return undefined
  const { href, origin } = new URL(originalUrl, baseUrl)
  return origin === new URL(baseUrl).origin ? { href, label: 'try_again' } : undefined
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
