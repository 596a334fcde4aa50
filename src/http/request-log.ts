import type { Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { describeError } from './describe-error.ts'
import { newReference } from './reference.ts'

declare global {
  namespace Express {
    interface Request {
      /** The request's reference: its name in the log and on error pages. */
      id: string
      /** Writes lines of this request's, with its reference. */
      readonly log: Logger
    }
    interface Response {
      /** What went wrong, for the request's line. */
      err?: Error
    }
  }
}

/**
 * One log line a request: reference, method, path, address, status, time, and the error if there was one.
 * The query, the headers and the bodies stay out of it: they hold codes, states, cookies and tokens.
 * What a handler marks by `res.locals.routine`, since a machine asks for it every few seconds, is logged at `debug`.
 *
 * @param logger where the lines go
 * @returns middleware that also sets `req.id` (the reference) and `req.log`, which is made when it is first needed
 */
export function requestLog(logger: Logger): RequestHandler {
  const lines = logger.child({}, { serializers: { err: describeError } })
  // One for all requests: V8 would take each for a shape of its own, were each given a getter of its own.
  const log = {
    get(this: Request) {
      return lines.child({ reference: this.id })
    },
  }
  return (req, res, next) => {
    const startedAt = Date.now()
    req.id = newReference()
    Object.defineProperty(req, 'log', log)
    res.on('error', (error) => req.log.error({ err: error }, 'the answer could not be sent'))
    // It comes last, and to every answer: finished, or given up by the visitor (Node.js, `ServerResponse`).
    res.on('close', () => {
      const { err, statusCode: status } = res
      lines[levelOf(res)](
        {
          reference: req.id,
          req: { method: req.method, path: pathOf(req.originalUrl), address: req.ip },
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

/** The path of a request's target, which may also be a whole address (RFC 9112 §3.2.2). */
function pathOf(target: string): string {
  const path = target.startsWith('/') ? target : target.replace(/^[^/]*\/\/[^/]*/, '')
  const query = path.indexOf('?')
  return query < 0 ? path : path.slice(0, query)
}
