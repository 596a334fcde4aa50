import type { JwtVerifier } from '@logto/node'
import { errors, jwtVerify } from 'jose'
import type { LogtoKeys } from './logto-keys.ts'
import type { LogtoMetadata } from './logto-metadata.ts'

/** Seconds that Logto's clock and ours may differ by. */
export const clockTolerance = 60
/** Seconds an ID token may be old when it comes straight from the token endpoint. */
const maximumAge = 300

/**
 * Verifies ID tokens by OpenID Connect Core 1.0 §3.1.3.7: signature by one of Logto's keys and an algorithm Logto
 * announced, `iss`, `aud`, `exp`, `iat`. A key that is not known yet is asked for, so that a rotation goes unnoticed.
 *
 * @param options.appId the only audience
 * @param options.metadata Logto's metadata
 * @param options.keysAt Logto's keys at an address
 */
export function idTokenVerifier({
  appId,
  metadata,
  keysAt,
}: {
  appId: string
  metadata: () => Promise<LogtoMetadata>
  keysAt: (uri: string) => LogtoKeys
}): JwtVerifier {
  return {
    async verifyIdToken(idToken) {
      const { issuer, jwksUri, idTokenAlgorithms } = await metadata()
      const { payload } = await jwtVerify(idToken, keysAt(jwksUri).ofTokensFromLogto, {
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
