import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import { type HttpLogger, pinoHttp } from 'pino-http'
import { describeError } from './describe-error.ts'
import { newReference } from './reference.ts'

/**
 * One log line a request: reference, method, path, address, status, time, and the error if there was one.
 * The query, the headers and the bodies stay out of it: they hold codes, states, cookies and tokens.
 * What a handler marks by `res.locals.routine`, since a machine asks for it every few seconds, is logged at `debug`.
 *
 * @param logger where the lines go
 * @returns middleware that also sets `req.id` (the reference) and `req.log`
 */
export function requestLog(logger: Logger): HttpLogger<Request, Response> {
  return pinoHttp<Request, Response>({
    logger,
    genReqId: newReference,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'reference', responseTime: 'milliseconds' },
    wrapSerializers: false,
    serializers: {
      req: (req: Request) => ({ method: req.method, path: pathOf(req.originalUrl), address: req.ip }),
      // An answer that was not finished had no status: the visitor left before.
      res: (res: Response) => (res.writableFinished ? { status: res.statusCode } : { aborted: true }),
      err: describeError,
    },
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
    customLogLevel(_req, res, error) {
      if (res.locals.routine) return 'debug'
      return error || res.statusCode >= 500 ? 'error' : 'info'
    },
  })
}

/** The path of a request's target, which may also be a whole address (RFC 9112 §3.2.2). */
function pathOf(target: string): string {
  const path = target.startsWith('/') ? target : target.replace(/^[^/]*\/\/[^/]*/, '')
  return path.replace(/\?.*$/s, '')
}
