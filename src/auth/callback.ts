import type { Request, RequestHandler, Response } from 'express'
import { AppError, type ErrorAction } from '../http/app-error.ts'
import { audit } from '../http/audit-log.ts'
import { seeOther } from '../http/see-other.ts'
import { beginSession, storeFault } from '../sessions/session.ts'
import { type SessionTokens, signedInSession } from '../sessions/session-data.ts'
import { EndedMeanwhileError } from '../sessions/session-store.ts'
import { authorizationResponse } from './authorization-response.ts'
import { type AuthContext, callbackUrl, signInAgain } from './context.ts'
import { exchangeFailed } from './logto-fault.ts'
import type { TokenHolder } from './session-storage.ts'
import { sessionsAway } from './sessions-away.ts'
import type { Attempt } from './sign-in-attempt.ts'
import { signedInBy } from './signed-in-by.ts'

/**
 * `GET /callback`: finishes the attempt that the `state` names, once, in the browser that began it. Only when Logto
 * has given tokens for the code, and the ID token is good, does the browser get a new session.
 */
export function callback({ config, logto, attempts, store }: AuthContext): RequestHandler {
  return async (req, res) => {
    try {
      await finish(req, res)
    } catch (error) {
      if (error instanceof AppError) audit(req, { audit: 'refused', why: error.code })
      throw error
    }
  }

  async function finish(req: Request, res: Response): Promise<void> {
    const found = attempts.find(req, res, req.query.state)
    if (found.kind !== 'ready') return nothingToFinish(found, req, res)

    const { attempt, take } = found
    const action = signInAgain(config, attempt.returnTo)
    // Asked for before the attempt is used, so that a reload can finish it once Logto answers again.
    const metadata = await logto.metadata().catch((error) => {
      throw exchangeFailed(error, action)
    })
    if (storeFault(req) || !store.rows.isReady()) throw sessionsAway(storeFault(req), action)
    const startedAt = Date.now()
    if (!take()) return nothingToFinish({ kind: 'used', returnTo: attempt.returnTo }, req, res)

    const code = authorizationResponse(req.query, metadata, action)
    const tokens = await exchange(code, attempt).catch((error) => {
      throw exchangeFailed(error, action)
    })
    await begin(req, tokens, startedAt, attempt)
    seeOther(res, attempt.returnTo)
  }

  async function exchange(code: string, attempt: Attempt) {
    const holder: TokenHolder = {}
    const client = logto.clientFor({ holder })
    await client.resume(attempt, callbackUrl(config))
    await client.handleSignInCallback(
      `${callbackUrl(config)}?${new URLSearchParams({ code, state: attempt.state })}`,
    )
    if (!holder.logto?.idToken) throw new Error('the SDK reported success and left no ID token')
    return holder.logto
  }

  async function begin(req: Request, tokens: SessionTokens, startedAt: number, { returnTo }: Attempt) {
    const signedIn = signedInBy(tokens, { startedAt, absolute: config.sessions.absolute })
    if (signedIn.endsAt <= Date.now())
      throw provedTooLongAgo(signInAgain(config, returnTo, { prompt: 'login' }))
    await beginSession(req, signedIn).catch((error) => {
      if (error instanceof EndedMeanwhileError) throw endedMeanwhile(error, signInAgain(config, returnTo))
      throw sessionsAway(error, signInAgain(config, returnTo))
    })
  }

  /** The browser's Back button and a reload end here: at home when signed in, else with a way to begin again. */
  function nothingToFinish(
    found: { kind: 'used' | 'stale' | 'unknown'; returnTo?: string },
    req: Request,
    res: Response,
  ) {
    const home = `${config.baseUrl}/`
    if (found.kind !== 'unknown' && signedInSession(req)) return seeOther(res, home)
    throw new AppError({
      status: 400,
      code: `attempt_${found.kind}`,
      action: signInAgain(config, found.returnTo ?? home),
    })
  }
}

const provedTooLongAgo = (action: ErrorAction) =>
  new AppError({
    status: 403,
    code: 'authentication_too_old',
    action,
  })

const endedMeanwhile = (cause: Error, action: ErrorAction) =>
  new AppError({
    status: 403,
    code: 'ended_meanwhile',
    action,
    cause,
  })
