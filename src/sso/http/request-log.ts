import type { Application, Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { describeError } from './describe-error.ts'
import { newReference } from './reference.ts'
import { targetOf } from './request/request-target.ts'
import { visitorAddress } from './request/visitor-address.ts'

/** How a request is told of in the log. */
interface Told {
  /** The request's name, in the log and on error pages. */
  reference: string
  lines: Logger
  /** What went wrong, for the request's line. Not `res.err`, which a host app's logger would write down whole. */
  fault?: Error
  /** The app whose `trust proxy` tells the visitor's address, where it is not the request's. */
  trusting?: Application
}

declare global {
  namespace Express {
    interface Request {
      /** For `logOf` and `referenceOf`. Not `id` and `log`, which are a host app's own loggers'. */
      told?: Told
    }
  }
}

/** Writes lines of this request's, with its reference. @throws where neither `requestLog` nor `named` is mounted */
export function logOf({ told }: Request): Logger {
  if (!told) throw new Error('the route is mounted without requestLog')
  return told.lines.child({ reference: told.reference })
}

/** The request's name, in the log and on error pages. */
export const referenceOf = ({ told }: Request): string => String(told?.reference)

/** Where the lines of all requests go. What OIDC libraries throw holds tokens: `err` is described, never copied. */
const linesOf = (logger: Logger) => logger.child({}, { serializers: { err: describeError } })

/**
 * Gives each request what `logOf` and `referenceOf` need, and writes no line for it.
 *
 * @param logger where the lines go
 * @param trusting tells the visitor's address in a host app that trusts no proxy itself
 */
export function named(logger: Logger, trusting: Application): RequestHandler {
  const lines = linesOf(logger)
  return (req, _res, next) => {
    const hostTrusts = Boolean(req.app.get('trust proxy'))
    req.told = { reference: newReference(), lines, ...(!hostTrusts && { trusting }) }
    next()
  }
}

/**
 * One log line a request: reference, method, path, address, status, time, and the error if there was one.
 * The query, the headers and the bodies stay out of it: they hold codes, states, cookies and tokens.
 * What a handler marks by `res.locals.routine`, since a machine asks for it every few seconds, is logged at `debug`.
 *
 * @param logger where the lines go
 * @returns middleware that also does what `named` does, unless that was done
 */
export function requestLog(logger: Logger): RequestHandler {
  const lines = linesOf(logger)
  return (req, res, next) => {
    const startedAt = Date.now()
    req.told ??= { reference: newReference(), lines }
    res.on('error', (error) => logOf(req).error({ err: error }, 'the answer could not be sent'))
    // It comes last, and to every answer: finished, or given up by the visitor (Node.js, `ServerResponse`).
    res.on('close', () => {
      const { statusCode: status } = res
      const err = req.told?.fault
      lines[levelOf(res)](
        {
          reference: referenceOf(req),
          req: { method: req.method, path: targetOf(req).replace(/\?.*/s, ''), address: visitorAddress(req) },
          // An answer that was not finished had no status: the visitor left before.
          res: res.writableFinished ? { status } : { aborted: true },
          ...(err && { err }),
          milliseconds: Date.now() - startedAt,
        },
        'request',
      )
    })
    next()
  }
}

function levelOf({ locals, statusCode }: Response): 'debug' | 'error' | 'info' {
  if (locals.routine) return 'debug'
  return statusCode >= 500 ? 'error' : 'info'
}
