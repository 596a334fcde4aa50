import type { JwtVerifier } from '@logto/node'
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose'
import type { LogtoMetadata } from './logto-metadata.ts'

/** Seconds that Logto's clock and ours may differ by. */
const clockTolerance = 60
/** Seconds an ID token may be old when it comes straight from the token endpoint. */
const maximumAge = 300

/**
 * Verifies ID tokens by OpenID Connect Core 1.0 §3.1.3.7: signature by one of Logto's keys and an algorithm Logto
 * announced, `iss`, `aud`, `exp`, `iat`. One key set serves all requests; a key it does not know yet is asked for,
 * so that a rotation goes unnoticed.
 *
 * @param options.appId the only audience
 * @param options.metadata Logto's metadata
 * @param options.send `fetch` with a time limit
 */
export function idTokenVerifier({
  appId,
  metadata,
  send,
}: {
  appId: string
  metadata: () => Promise<LogtoMetadata>
  send: typeof fetch
}): JwtVerifier {
  let keys: { uri: string; find: ReturnType<typeof createRemoteJWKSet> } | undefined
  const keysAt = (uri: string) => {
    if (keys?.uri !== uri) {
      // No pause between two look-ups of unknown keys: tokens come from the token endpoint only, so no stranger
      // can make us ask.
      keys = { uri, find: createRemoteJWKSet(new URL(uri), { [customFetch]: send, cooldownDuration: 0 }) }
    }
    return keys.find
  }
  return {
    async verifyIdToken(idToken) {
      const { issuer, jwksUri, idTokenAlgorithms } = await metadata()
      const { payload } = await jwtVerify(idToken, keysAt(jwksUri), {
        issuer,
        audience: appId,
        algorithms: idTokenAlgorithms,
        clockTolerance,
        maxTokenAge: maximumAge,
        requiredClaims: ['sub', 'iat', 'exp'],
      })
      if ([payload.aud].flat().length > 1) {
        throw new errors.JWTClaimValidationFailed(
          'made for another audience too',
          payload,
          'aud',
          'check_failed',
        )
      }
    },
  }
}
