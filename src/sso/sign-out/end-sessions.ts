import type { Request } from 'express'
import type { EndedBy } from '../../audit/events.ts'
import { AppError, type AppErrorDetails } from '../http/app-error.ts'
import { audit } from '../request.ts'
import type { SessionName } from '../session/session-data.ts'
import type { KnownSession, SessionStore } from '../session/session-store.ts'

/**
 * Ends every session of a name, sign-ins in flight included, and writes a line for each.
 *
 * @param req the request that says so
 * @param by what ended them, for the audit log
 * @returns what was ended
 * @throws whatever the store throws
 */
export async function endSessions(
  req: Request,
  { store, name, by }: { store: SessionStore; name: SessionName; by: EndedBy },
): Promise<KnownSession[]> {
  const ended = await store.endAll(name)
  for (const { id, session } of ended) {
    await audit(req, { audit: 'ended', by, sub: session.claims?.sub ?? '', session: id })
  }
  return ended
}

/**
 * What Logto, or a company, is told while the store is away, so that it tries again.
 *
 * @param cause why the store does not answer
 */
export function cannotEnd(cause: unknown): AppError {
  return new AppError({
    status: 503,
    code: 'sessions_unavailable',
    words: 'cannot_end_sessions',
    headers: { 'Retry-After': '5' },
    cause,
  })
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
