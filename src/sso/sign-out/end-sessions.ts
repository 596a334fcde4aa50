import type { Request } from 'express'
import { AppError } from '../http/app-error.ts'
import { audit } from '../http/request-log.ts'
import type { SessionName } from '../session/backend/session-backend.ts'
import type { KnownSession, SessionStore } from '../session/session-store.ts'

/**
 * Ends every session of a name because Logto says so, sign-ins in flight included, and writes a line for each.
 *
 * @param req Logto's request
 * @param by what ended them, for the audit log
 * @returns what was ended
 * @throws whatever the store throws
 */
export async function endSessions(
  req: Request,
  { store, name, by }: { store: SessionStore; name: SessionName; by: string },
): Promise<KnownSession[]> {
  const ended = await store.endAll(name)
  for (const { id, session } of ended) {
    await audit(req, { audit: 'ended', by, sub: session.sub ?? '', session: id })
  }
  return ended
}

/**
 * What Logto is told while the store is away, so that it tries again.
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
