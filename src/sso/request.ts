import { createHash, randomUUID } from 'node:crypto'
import type { Application, Request, Response } from 'express'
import { type AuditEvent, auditVersion } from '../audit/events.ts'
import { keepAsTables } from './http/answer.ts'
import { describeError } from './http/describe-error.ts'
import type { Lines, Logger, Write } from './http/logger.ts'
import { type Trust, type TrustOf, visitorAddress } from './http/request/visitor.ts'
import type { AccessToken } from './logto/verify/id-token.ts'
import type { ActiveSession } from './session/session-data.ts'

/** Who asks: a person in their own browser, or a program with an access token. */
export type Access =
  | { by: 'session'; sub: string; organizations: readonly string[] }
  | ({ by: 'token' } & AccessToken)

/** What `requireAccess` takes beside sessions and tokens for the API resource. */
export interface AccessOptions {
  /** Whether tokens for an organization itself are taken as well; put `requireOrganization` behind it. */
  organizationTokens?: boolean
}

/** What the records of an app's requests have in common. */
export interface Around {
  /** Where lines go. */
  logger: Logger
  /** Who is believed about a request. */
  trustOf: TrustOf
  /** Hears what the audit log hears; never raises. */
  hear?: ((event: AuditEvent, req: Request) => Promise<void>) | undefined
}

/**
 * What is known of one request. It is all on the request itself: a WeakMap costs more than reading a session. What most
 * requests never ask for is made when it is asked for.
 */
export class RequestRecord {
  /** Milliseconds since 1970. */
  readonly startedAt = Date.now()
  /** Whether its own line is written when it ends. */
  isLogged = false
  /** Which of our addresses it asks for, as the table of routes has it. */
  address?: string
  /** The address of whoever asks, once `visitorAddress` has read it. */
  visitor?: string
  /** Who is there; undefined for a stranger, and while the store cannot be asked. */
  session?: ActiveSession | undefined
  /** Why it is not known who is there, where the store did not answer. */
  storeFault?: unknown
  /** Whom `requireAccess` has let through. */
  access?: Access
  /** What went wrong, for the request's line. */
  fault?: Error
  readonly #around: Around
  /** The app that it came to first; one below may answer it. */
  readonly #app: Application
  #id: string | undefined

  constructor({ app }: Request, around: Around) {
    this.#app = app
    this.#around = around
  }

  /** The request's name, in the log and on error pages. */
  get id(): string {
    this.#id ??= newReference()
    return this.#id
  }

  /** Its lines in the log, each with its name. They hold no token: of an error, `err`, only a description is written. */
  get log(): Lines {
    const write =
      (level: keyof Lines): Write =>
      (facts, message) => {
        const err = 'err' in facts && { err: describeError(facts.err) }
        this.#around.logger[level]?.({ reference: this.id, ...facts, ...err }, message)
      }
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  }

  /** Whether the proxy of an address is believed. */
  get trusts(): Trust {
    return this.#around.trustOf(this.#app)
  }

  /** @returns when the host's hooks have heard it */
  async heard(event: AuditEvent, req: Request): Promise<void> {
    await this.#around.hear?.(event, req)
  }
}

declare global {
  namespace Express {
    interface Request {
      sso?: RequestRecord
    }
  }
}

/** Gives a request its record, unless it has one. */
export function beginRecord(req: Request, around: Around): RequestRecord {
  if (!req.sso) {
    keepAsTables(req)
    req.sso = new RequestRecord(req, around)
  }
  return req.sso
}

/** @throws where `sso.routes` does not stand before what asks */
export function recordOf({ sso }: Request): RequestRecord {
  if (!sso) throw new Error('app.use(sso.routes) has to stand before what asks who is signed in')
  return sso
}

/** The session of whoever is signed in, for what stands behind `requireSignIn`. @throws where that is not mounted */
export function sessionOf(req: Request): ActiveSession {
  const { session } = recordOf(req)
  if (!session) throw new Error('nobody is signed in here: put requireSignIn before it')
  return session
}

/**
 * Has one line be written, once, when a request's answer has been sent or given up: reference, method, path, address,
 * status, time, and the error if there was one. The query, the headers and the bodies stay out of it: they hold codes,
 * states, cookies and tokens. What a handler marks by `res.locals.routine`, since a machine asks for it every few
 * seconds, is logged at `debug`.
 */
export function logAtEnd(req: Request, res: Response, around: Around): void {
  const record = beginRecord(req, around)
  if (record.isLogged) return
  record.isLogged = true
  res.on('error', (error) => record.log.error({ err: error }, 'the answer could not be sent'))
  // It comes last, and to every answer: finished, or given up by the visitor (Node.js, `ServerResponse`).
  res.on('close', () => {
    const { method } = req
    const level = res.locals.routine ? 'debug' : res.statusCode >= 500 ? 'error' : 'info'
    record.log[level](
      {
        // Node.js takes no byte in a target that a terminal would obey.
        req: { method, path: targetOf(req).replace(/\?.*/s, ''), address: visitorAddress(req) },
        // An answer that was not finished had no status: the visitor left before.
        res: res.writableFinished ? { status: res.statusCode } : { aborted: true },
        ...(record.fault && { err: record.fault }),
        milliseconds: Date.now() - record.startedAt,
      },
      'request',
    )
  })
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
  const record = recordOf(req)
  const session = 'session' in event ? { session: sessionReference(event.session) } : {}
  record.log.info({ version: auditVersion, ...event, ...session, address: visitorAddress(req) }, 'audit')
  await record.heard(event, req)
}

/** A session's name in logs and on pages: 12 hexadecimal digits of a hash of its ID. */
export function sessionReference(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12)
}

/** A short name for one request or one mishap, shown to the person and in the log: 10 hexadecimal digits. */
export function newReference(): string {
  // Node.js has UUIDs in stock, and asks for other random bytes one request at a time. The first 12 digits are random.
  const uuid = randomUUID()
  return uuid.slice(0, 8) + uuid.slice(9, 11)
}
