import type { Response } from 'express'
import type { AuthContext } from '../context.ts'
import { seeOther } from '../http/answer/see-other.ts'
import type { ErrorAction } from '../http/app-error.ts'
import { unavailable } from '../logto/logto-fault.ts'
import type { Visitor } from '../session/visitor.ts'
import { randomFromStock } from '../sign-in/random-bytes.ts'
import { SignedOutNotice } from './signed-out-notice.ts'

/**
 * Sends a browser whose session here has ended on to end Logto's too (OpenID Connect RP-Initiated Logout 1.0 §2), from
 * where it comes back home. Only there it is told that Logto's has ended: Logto brings `state` back (§3).
 *
 * @returns a function that raises an AppError 503 where Logto does not say where to
 */
export function endAtLogto({ config, logto }: Pick<AuthContext, 'config' | 'logto'>) {
  const notice = new SignedOutNotice(config)
  const action: ErrorAction = { href: `${config.baseUrl}/sign-out`, label: 'try_again' }
  return async (res: Response, visitor: Visitor, options: { everywhere?: boolean } = {}): Promise<void> => {
    // The tokens are revoked by the session's end.
    const client = logto.clientFor({ holder: {} })
    const address = await client.signOutAddress(`${config.baseUrl}/`).catch((error) => {
      throw unavailable(error, { words: 'sign_out_unavailable', action })
    })
    const state = randomFromStock(12).toString('base64url')
    notice.leave(res, visitor, { ...options, state })
    seeOther(res, `${address}&state=${state}`)
  }
}
