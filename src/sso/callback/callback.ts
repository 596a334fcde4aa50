import type { Request, Response } from 'express'
import type { LiveConfig } from '../../companies/index.ts'
import { addressesAt } from '../addresses.ts'
import { type Attempt, type AttemptFound, lifetime, type SignInAttempts } from '../attempt/attempts.ts'
import type { Identities } from '../company/identities.ts'
import { ForeignIdentityError } from '../company/own-domains.ts'
import { seeOther } from '../http/answer.ts'
import { AppError, type ErrorAction } from '../http/app-error.ts'
import type { Handler } from '../http/handler.ts'
import { asSomebodyElse, isAnew, plainWay, signInAgain, signInAnew } from '../links/beginning.ts'
import { type Logto, patience } from '../logto/logto-client.ts'
import { exchangeFailed } from '../logto/logto-fault.ts'
import type { SessionTokens } from '../logto/session-tokens.ts'
import { audit, recordOf } from '../request.ts'
import { EndedMeanwhileError } from '../session/ended-meanwhile.ts'
import { lease, type SessionStore, takeLease, whileHolding } from '../session/session-store.ts'
import type { Sessions } from '../session/sessions.ts'
import { storeUnavailable } from '../session/store-unavailable.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { sessionFromTokens } from '../tokens/session-from-tokens.ts'
import { authorizationResponse } from './authorization-response.ts'

/** How long a callback that is sent again is given the session of the first, in milliseconds. */
const followedFor = 60_000

/** What the callback works with. */
interface Context {
  config: LiveConfig
  logto: Logto
  attempts: SignInAttempts
  store: SessionStore
  sessions: Sessions
  identities: Identities
  /** Has Logto revoke tokens that nobody gets. */
  revoke: (session: { logto: SessionTokens }) => void
  telemetry: Telemetry
}

/**
 * `GET /callback`: finishes the attempt that the `state` names, once, in the browser that began it. Only when Logto
 * has given tokens for the code, and the ID token is good, does the browser get a new session.
 */
export function callback(context: Context): Handler {
  const { config, logto, attempts, store, sessions, identities, revoke, telemetry } = context
  const { backend } = store
  const { home } = addressesAt(config.baseUrl)
  const waitAtMost = patience(config) + lease.lasts
  return async (req, res) => {
    await finish(req, res).catch(async (error) => {
      if (error instanceof AppError)
        await audit(req, { audit: 'refused', why: error.code, ...companiesIn(error) })
      throw error
    })
  }

  async function finish(req: Request, res: Response): Promise<void> {
    const found = attempts.find(req, res, req.query.state)
    if (found.kind !== 'ready') return nothingToFinish(found, req, res)

    const { attempt } = found
    const again = () => signInAgain(config, attempt)
    // Asked for before the attempt is used, so that a reload can finish it once Logto answers again.
    const metadata = await logto.metadata().catch((error) => {
      throw exchangeFailed(error, again())
    })
    const away = (error: unknown): never => {
      throw storeUnavailable(error, again())
    }
    const { storeFault } = recordOf(req)
    if (storeFault || !backend.isReady()) return away(storeFault)

    // A browser that reloads, or a proxy that tries again, sends a callback twice, and it may reach two processes. A
    // code is used once, or what came of it may be revoked (RFC 6749 §4.1.2): the others wait for the first.
    const name = `callback:${attempt.id}`
    const turn = await takeLease(backend, name, waitAtMost, telemetry).catch(away)
    if (!turn) return nothingToFinish({ kind: 'used', beginning: attempt }, req, res)
    await whileHolding(backend, turn, async () => {
      const isFirst = await backend.markUsed(name, lifetime * 1000).catch(away)
      found.markUsed()
      if (!isFirst) {
        // The browser shows the last answer, and may have no cookie of the first one: both give it the one session.
        const begun = await backend.noted(name).catch(away)
        const joined = begun !== undefined && (await sessions.join(req, res, begun).catch(away))
        return joined
          ? seeOther(res, attempt.returnTo)
          : nothingToFinish({ kind: 'used', beginning: attempt }, req, res)
      }
      const startedAt = Date.now()
      const others = () => asSomebodyElse(config, attempt)
      const code = authorizationResponse(req.query, metadata, { again, others })
      const tokens = await logto.exchange(code, attempt).catch((error) => {
        throw exchangeFailed(error, again())
      })
      const id = await begin(req, res, tokens, startedAt, attempt)
      if (id === undefined) return seeOther(res, signInAnew(config, attempt).href)
      await backend.note(name, id, followedFor).catch(() => {}) // who follows may begin again
      seeOther(res, attempt.returnTo)
    })
  }

  /** @returns the session's ID; undefined where the person has to prove anew who they are, since their company has spoken */
  async function begin(
    req: Request,
    res: Response,
    tokens: SessionTokens,
    startedAt: number,
    attempt: Attempt,
  ): Promise<string | undefined> {
    const companyNames = await identities.learn(tokens).catch((error) => {
      if (error instanceof ForeignIdentityError) revoke({ logto: tokens })
      throw notLearned(error, config, attempt)
    })
    // Only companies' words look at it.
    const askedAt = companyNames?.length && isAnew(attempt) ? attempt.begunAt : 0
    const { absolute } = config.sessions
    const signedIn = sessionFromTokens(tokens, { startedAt, absolute, companyNames, askedAt })
    if (signedIn.endsAt <= Date.now()) throw provedTooLongAgo(signInAnew(config, attempt))
    return sessions.begin(req, res, signedIn).catch(async (error) => {
      if (error instanceof EndedMeanwhileError) {
        const refused = endedMeanwhile(error, signInAgain(config, attempt))
        if (!error.byCompany || isAnew(attempt)) throw refused
        // Logto has let in whom it remembers. The company may not: it is asked, once.
        revoke({ logto: tokens })
        await audit(req, { audit: 'refused', why: refused.code, sub: signedIn.claims.sub })
        return undefined
      }
      throw storeUnavailable(error, signInAgain(config, attempt))
    })
  }

  /**
   * The browser's Back button and a reload end here: at home when signed in, else with a way to begin again. So does
   * a sign-in begun by another program than the browser that it opened: who is signed in wants to where it led.
   * Nobody is signed in by either.
   */
  function nothingToFinish(found: Exclude<AttemptFound, { kind: 'ready' }>, req: Request, res: Response) {
    if (recordOf(req).session)
      return seeOther(res, (found.kind === 'unknown' && found.beginning?.returnTo) || home)
    throw new AppError({
      status: 400,
      code: `attempt_${found.kind}`,
      // What a state says is for the browser that began it, and for an hour.
      action: signInAgain(
        config,
        found.kind === 'used' ? found.beginning : { returnTo: home, way: plainWay },
      ),
    })
  }
}

const provedTooLongAgo = (action: ErrorAction) =>
  new AppError({ status: 403, code: 'authentication_too_old', action })

const endedMeanwhile = (cause: Error, action: ErrorAction) =>
  new AppError({ status: 403, code: 'ended_meanwhile', action, cause })

/** Whose company is not known is not let in: another company's provider may have asserted this account's address. */
const notLearned = (cause: unknown, config: LiveConfig, attempt: Attempt) =>
  cause instanceof ForeignIdentityError
    ? new AppError({ status: 403, code: 'foreign_identity', others: asSomebodyElse(config, attempt), cause })
    : new AppError({ status: 503, code: 'identities_unknown', action: signInAgain(config, attempt), cause })

/** For the audit log, and for no page. */
const companiesIn = ({ cause }: AppError) => (cause instanceof ForeignIdentityError ? cause.companies : {})
