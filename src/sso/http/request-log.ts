import { createHash } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { visible } from '../../settings/visible.ts'
import { type AuditEvent, beginRecord, recordOf } from '../request.ts'
import { AppError, type AppErrorDetails } from './app-error.ts'
import type { Lines } from './logger.ts'
import { visitorAddress } from './request/visitor-address.ts'

type Around = Parameters<typeof beginRecord>[1]

/** Writes lines of this request's, with its reference. @throws where the request has no record */
export const logOf = (req: Request): Lines => recordOf(req).log

/** The request's name, in the log and on error pages. */
export const referenceOf = ({ sso }: Request): string => String(sso?.id)

/**
 * One log line a request: reference, method, path, address, status, time, and the error if there was one.
 * The query, the headers and the bodies stay out of it: they hold codes, states, cookies and tokens.
 * What a handler marks by `res.locals.routine`, since a machine asks for it every few seconds, is logged at `debug`.
 *
 * @param around.logger where the lines go
 */
export function requestLog(around: Around): RequestHandler {
  return (req, res, next) => {
    logAtEnd(req, res, around)
    next()
  }
}

/** Has the request's line be written when its answer has been sent, or given up; once. */
export function logAtEnd(req: Request, res: Response, around: Around): void {
  const record = beginRecord(req, around)
  if (record.isLogged) return
  record.isLogged = true
  res.on('error', (error) => record.log.error({ err: error }, 'the answer could not be sent'))
  // It comes last, and to every answer: finished, or given up by the visitor (Node.js, `ServerResponse`).
  res.on('close', () => {
    const { fault: err } = record
    record.log[levelOf(res)](
      {
        req: {
          method: req.method,
          path: visible(targetOf(req).replace(/\?.*/s, '')),
          address: visitorAddress(req),
        },
        // An answer that was not finished had no status: the visitor left before.
        res: res.writableFinished ? { status: res.statusCode } : { aborted: true },
        ...(err && { err }),
        milliseconds: Date.now() - record.startedAt,
      },
      'request',
    )
  })
}

function levelOf({ locals, statusCode }: Response): 'debug' | 'error' | 'info' {
  if (locals.routine) return 'debug'
  return statusCode >= 500 ? 'error' : 'info'
}

/**
 * The path and the query that a request asks for, as they were sent. A target may also be a whole address, which names
 * any host it likes (RFC 9112 §3.2.2), and `//[` is a path, though no URL can be made of it.
 */
export function targetOf({ originalUrl }: Request): string {
  if (originalUrl.startsWith('/')) return originalUrl
  return originalUrl.replace(/^[^/?]*\/\/[^/?]*/, '').replace(/^(?!\/)/, '/')
}

/**
 * Writes one audit line, beside the request's own: what happened, to whom (`sub`), which session (a hash of its ID,
 * which is worth nothing to a reader of the log), from which address, in which request.
 *
 * @param event `session` is the session's ID
 * @returns when the host's hook has heard of it
 */
export async function audit(req: Request, event: AuditEvent): Promise<void> {
  const session = 'session' in event ? { session: sessionReference(event.session) } : {}
  logOf(req).info({ ...event, ...session, address: visitorAddress(req) }, 'audit')
  await req.sso?.onAudit?.(event)
}

/**
 * Writes down that a call was refused that pretended to be Logto's, or a company's.
 *
 * @param why in the audit log; the code of the error unless told otherwise
 * @returns what it is answered with
 */
export async function refusal(req: Request, details: AppErrorDetails, why = details.code): Promise<AppError> {
  await audit(req, { audit: 'refused', why })
  return new AppError(details)
}

/** A session's name in logs and on pages: 12 hexadecimal digits of a hash of its ID. */
export function sessionReference(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12)
}
