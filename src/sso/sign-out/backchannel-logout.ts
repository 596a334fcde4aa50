import type { Request } from 'express'
import type { AppError } from '../http/app-error.ts'
import type { Handler } from '../http/handler.ts'
import { bodyOf } from '../http/request/request-body.ts'
import type { Logto } from '../logto/logto-client.ts'
import { unavailable } from '../logto/logto-fault.ts'
import { TokenError } from '../logto/token-fault.ts'
import type { LogoutToken } from '../logto/verify/logout-token.ts'
import type { SessionStore } from '../session/session-store.ts'
import { cannotEnd, endSessions, refusal } from './end-sessions.ts'

/**
 * `POST /backchannel-logout`: Logto says that a session there, or everything of a person's there, is over (OpenID
 * Connect Back-Channel Logout 1.0). What it names ends here, in every browser and in every process.
 */
export function backchannelLogout({
  logto,
  store,
  revoke,
}: {
  logto: Logto
  store: SessionStore
  revoke: (session: object) => void
}): Handler {
  return async (req, res) => {
    const token = await verified(req)
    const fault = await carryOut(req, token).catch((error) => {
      throw cannotEnd(error)
    })
    if (fault) throw await refused(req, new TokenError(fault))
    res.status(200).end() // §2.8; who has no session here is logged out, too (§2.7)
  }

  async function verified(req: Request): Promise<LogoutToken> {
    try {
      return await logto.verifyLogoutToken(tokenIn(req))
    } catch (error) {
      if (error instanceof TokenError) throw await refused(req, error)
      throw unavailable(error, { words: 'keys_unavailable' })
    }
  }

  /** @returns the part of the token that keeps it from being followed, if one does */
  async function carryOut(req: Request, { jti, sid, sub, goodUntil }: LogoutToken) {
    const name = `logout:${jti}`
    // §2.6 step 8. Looked up first and marked last: a replay ends nothing, and a token that could not be followed
    // to the end can be sent again.
    if (await store.backend.isUsed(name)) return 'jti'
    // §2.6 step 10: a `sid` and a `sub` that do not belong together are not to be trusted with either.
    if (sid && sub && (await store.find(`sid:${sid}`)).some(({ session }) => session.claims?.sub !== sub))
      return 'sub'
    const whose = sid ? (`sid:${sid}` as const) : (`sub:${sub}` as const)
    const ended = await endSessions(req, { store, name: whose, by: 'backchannel_logout' })
    // §2.7: Logto lets those live that were given for `offline_access`.
    for (const { session } of ended) revoke(session)
    const isFirst = await store.backend.markUsed(name, Math.ceil(goodUntil - Date.now()))
    return isFirst ? undefined : 'jti'
  }
}

/** The one `logout_token` of a form (§2.5). Given twice, one could be checked and the other followed. */
function tokenIn(req: Request): string {
  const [token, ...others] = new URLSearchParams(bodyOf(req).toString()).getAll('logout_token')
  if (!token || others.length > 0) throw new TokenError('form')
  return token
}

function refused(req: Request, cause: TokenError): Promise<AppError> {
  const { part } = cause
  const details = { status: 400, code: 'logout_token_refused', params: { part }, cause }
  return refusal(req, details, `logout_token_${part}`)
}
