import type { Response } from 'express'
import type { AppConfig } from '../../settings/config.ts'
import { addressesAt } from '../addresses.ts'
import { randomFromStock } from '../attempt/sealed-state.ts'
import { seeOther } from '../http/answer.ts'
import type { ErrorAction } from '../http/app-error.ts'
import type { Logto } from '../logto/logto-client.ts'
import { unavailable } from '../logto/logto-fault.ts'
import type { Claims } from '../logto/verify/id-token.ts'
import type { SignedOutNotice } from './signed-out-notice.ts'

/**
 * Sends a browser whose session here has ended on to end Logto's too (OpenID Connect RP-Initiated Logout 1.0 §2), from
 * where it comes back home. Only there it is told that Logto's has ended: Logto brings `state` back (§3).
 *
 * @returns a function that raises an AppError 503 where Logto does not say where to
 */
export function endAtLogto({
  config,
  logto,
  notice,
}: {
  config: AppConfig
  logto: Logto
  notice: SignedOutNotice
}) {
  const { home, signOut } = addressesAt(config.baseUrl)
  const action: ErrorAction = { href: signOut, label: 'try_again' }
  return async (
    res: Response,
    claims: Claims | undefined,
    options: { everywhere?: boolean } = {},
  ): Promise<void> => {
    // The tokens are revoked by the session's end.
    const client = logto.clientFor({ holder: {} })
    const address = await client.signOutAddress(home).catch((error) => {
      throw unavailable(error, { words: 'sign_out_unavailable', action })
    })
    const state = randomFromStock(12).toString('base64url')
    notice.leave(res, claims, { ...options, state })
    seeOther(res, `${address}&state=${state}`)
  }
}
