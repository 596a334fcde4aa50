import type { Request, RequestHandler } from 'express'
import type { AppConfig } from '../../settings/config.ts'
import { notSignedIn } from '../links/not-signed-in.ts'
import type { Logto } from '../logto/logto-client.ts'
import { unavailable } from '../logto/logto-fault.ts'
import { TokenError } from '../logto/token-fault.ts'
import type { AccessToken } from '../logto/verify/id-token.ts'
import { type Access, type AccessOptions, audit, recordOf } from '../request.ts'
import { storeUnavailable } from '../session/store-unavailable.ts'
import { bearerRefusal, bearerToken } from './bearer-token.ts'
import { guardBy } from './guard-by.ts'

/** Who asks, behind `requireSignIn` or `requireAccess`. @throws where neither is mounted, and nobody is signed in */
export function accessOf(req: Request): Access {
  const access = recordOf(req).access ?? personIn(req)
  if (!access)
    throw new Error('requireSignIn or requireAccess has to stand before what asks who sends a request')
  return access
}

/** Who is signed in, in their own browser. */
function personIn(req: Request): Access | undefined {
  const claims = recordOf(req).session?.claims
  return claims && { by: 'session', sub: claims.sub, organizations: claims.organizations ?? [] }
}

/**
 * Lets through who is signed in, and who brings an access token for the API resource (RFC 6750). A token wins over a
 * session, and a bad one is refused whatever the session. Nothing is begun for who is let through by neither.
 *
 * @returns middleware; what comes behind it can count on `accessOf(req)`
 * @throws TypeError for options that are none
 */
export function requireAccess(
  { config, logto }: { config: Pick<AppConfig, 'baseUrl' | 'apiResource'>; logto: Logto },
  options: AccessOptions = {},
): RequestHandler {
  const { verifyAccessToken } = logto
  const { organizationTokens = false, ...others } = options
  if (typeof organizationTokens !== 'boolean' || Object.keys(others).length > 0) {
    throw new TypeError('requireAccess() takes { organizationTokens: true } and nothing else')
  }

  async function byToken(req: Request, token: string): Promise<AccessToken> {
    if (!verifyAccessToken) throw bearerRefusal('invalid_token', { words: 'bearer_not_taken' })
    try {
      const access = await verifyAccessToken(token)
      if (access.audience === 'organization' && !organizationTokens) throw new TokenError('aud')
      return access
    } catch (cause) {
      if (!(cause instanceof TokenError)) throw unavailable(cause, { words: 'keys_unavailable' })
      await audit(req, { audit: 'refused', why: `access_token_${cause.part}` })
      throw bearerRefusal('invalid_token', {
        words: 'access_token_refused',
        params: { part: cause.part },
        cause,
      })
    }
  }

  function bySession(req: Request): Access {
    const person = personIn(req)
    if (person) return person
    const { storeFault } = recordOf(req)
    if (storeFault) throw storeUnavailable(storeFault)
    throw notSignedIn(config, { byToken: verifyAccessToken !== undefined })
  }

  return guardBy(async (req) => {
    const token = bearerToken(req)
    const access: Access =
      token === undefined ? bySession(req) : { by: 'token', ...(await byToken(req, token)) }
    recordOf(req).access = access
  })
}
