import type { JwtVerifier } from '@logto/node'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import { isBounded, isIdentifier, isTyped } from './claims.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import { asymmetricAlgorithms } from './signature-algorithms.ts'

/** Seconds that Logto's clock and ours may differ by. */
export const clockTolerance = 60
/** Seconds an ID token may be old when it comes straight from the token endpoint. */
const maximumAge = 300
/** Characters an ID token may have: each session keeps it. A person in a thousand organizations has 40,000. */
const longest = 64 * 1024

/**
 * Verifies ID tokens by OpenID Connect Core 1.0 §3.1.3.7: signature by one of Logto's keys and an algorithm Logto
 * announced, `iss`, `aud`, `azp`, `exp`, `iat`; and what nobody could be signed in without, `sub`.
 *
 * @param options.issuer Logto's name in its tokens
 * @param options.appId the only audience
 * @param options.keys Logto's
 */
export function idTokenVerifier({
  issuer,
  appId,
  keys,
}: {
  issuer: string
  appId: string
  keys: IssuerKeys
}): JwtVerifier {
  return {
    async verifyIdToken(idToken) {
      if (idToken.length > longest) throw new errors.JWTInvalid(`longer than ${longest} characters`)
      const { payload, protectedHeader } = await jwtVerify(idToken, keys.ofTokensFromIssuer, {
        issuer,
        audience: appId,
        algorithms: asymmetricAlgorithms,
        clockTolerance,
        maxTokenAge: maximumAge,
        requiredClaims: ['sub', 'iat', 'exp'],
      })
      const check = (claim: string, holds: boolean) => {
        if (!holds) throw refusal(payload, claim)
      }
      check('aud', [payload.aud].flat().length === 1)
      // Rule 4 and 5 of §3.1.3.7: given to another client, it is that one's.
      check('azp', payload.azp === undefined || payload.azp === appId)
      check('sub', isIdentifier(payload.sub))
      // §2 names no type. A token typed as anything else is that (RFC 8725 §3.11).
      check('typ', protectedHeader.typ === undefined || isTyped(protectedHeader, 'jwt'))
      if (!isBounded(payload)) throw new errors.JWTInvalid('holds more than can be shown')
    },
  }
}

function refusal(payload: JWTPayload, claim: string): Error {
  return new errors.JWTClaimValidationFailed(`unexpected "${claim}"`, payload, claim, 'check_failed')
}
