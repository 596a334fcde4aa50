import type { Request } from 'express'
import { decodeJwt } from 'jose'
import { type Lines, type Logger, linesTo, newReference } from './http/logger.ts'
import type { Trust, TrustOf } from './http/request/visitor-address.ts'
import { type AccessToken, type Claims, typedClaims } from './logto/verify/claims.ts'
import type { ActiveSession } from './session/session-data.ts'

/** Who asks: a person in their own browser, or a program with an access token. */
export type Access =
  | { by: 'session'; sub: string; organizations: readonly string[] }
  | ({ by: 'token' } & AccessToken)

/** The companies that an audit line names where an account has an identity of one and an address of another. */
interface TwoCompanies {
  identityOf?: string
  domainOf?: string
}

/** What happened to somebody's access. `by` and `why` are words of ours, such as `backchannel_logout`. */
export type AuditEvent =
  | { audit: 'signed_in'; sub: string; session: string }
  | { audit: 'signed_out'; sub: string; session: string }
  | ({ audit: 'ended'; by: string; sub: string; session: string } & TwoCompanies)
  | ({ audit: 'refused'; why: string; sub?: string } & TwoCompanies)

/** What `requireAccess` takes beside sessions and tokens for the API resource. */
export interface AccessOptions {
  /** Whether tokens for an organization itself are taken as well; put `requireOrganization` behind it. */
  organizationTokens?: boolean
}

/** What is known of one request. It is all on the request itself: a WeakMap costs more than reading a session. */
export interface RequestRecord {
  /** The request's name, in the log and on error pages. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Whether its own line is written when it ends. */
  isLogged: boolean
  /** Which of our addresses it asks for, as the table of routes has it. */
  address?: string
  /** Its lines in the log, each with its name. */
  readonly log: Lines
  /** Whether the proxy of an address is believed. */
  readonly trusts: Trust
  /** Who is there; undefined for a stranger, and while the store cannot be asked. */
  session?: ActiveSession | undefined
  /** The ID token that `claimsOf` has read, and what it says: header, page and guard all ask. */
  decoded?: { readonly idToken: string; readonly claims: Claims }
  /** Why it is not known who is there, where the store did not answer. */
  storeFault?: unknown
  /** Who asks, behind `requireAccess`. */
  access?: Access
  /** Hears what the audit log hears; never raises. */
  onAudit?: (event: AuditEvent) => Promise<void>
  /** What went wrong, for the request's line. */
  fault?: Error
}

declare global {
  namespace Express {
    interface Request {
      sso?: RequestRecord
    }
  }
}

/**
 * Gives a request its record, unless it has one.
 *
 * @param around.logger where its lines go
 * @param around.trustOf who is believed about it
 */
export function beginRecord(
  req: Request,
  { logger, trustOf }: { logger: Logger; trustOf: TrustOf },
): RequestRecord {
  if (req.sso) return req.sso
  const id = newReference()
  req.sso = {
    id,
    startedAt: Date.now(),
    isLogged: false,
    log: linesTo(logger, { reference: id }),
    trusts: trustOf(req),
  }
  return req.sso
}

/** @throws where `sso.routes` does not stand before what asks */
export function recordOf({ sso }: Request): RequestRecord {
  if (!sso) throw new Error('app.use(sso.routes) has to stand before what asks who is signed in')
  return sso
}

/** The claims of the ID token of whoever is signed in. It was verified before it came into the session. */
export function claimsOf(req: Request): Claims | undefined {
  const record = recordOf(req)
  const idToken = record.session?.logto.idToken
  if (idToken === undefined) return undefined
  if (record.decoded?.idToken !== idToken)
    record.decoded = { idToken, claims: typedClaims(decodeJwt<Claims>(idToken)) }
  return record.decoded.claims
}
