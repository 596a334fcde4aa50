import { decodeJwt, errors, jwtVerify } from 'jose'
import type { Companies } from '../../companies/index.ts'
import type { EnterpriseConnector } from '../../settings/config.ts'
import { check, TokenError, tokenFault } from '../logto/token-fault.ts'
import { clockTolerance, isIdentifier, isTyped } from '../logto/verify/id-token.ts'
import { asymmetricAlgorithms } from '../logto/verify/signature-algorithms.ts'
import { companyKeys, namesOfIssuer } from './company-keys.ts'

/** Seconds such a token may be old. Okta has it expire five minutes after it was made. */
const maximumAge = 300
/** Characters it may have: a request's headers have 16 KB. */
const longest = 8192

/** Who asks for an end of sessions. */
export interface RevocationToken {
  /** The company; several, where their custom authorization servers are of one org, which speaks for all of it. */
  companies: readonly EnterpriseConnector[]
  /** The token's own name, which no other issuer gives. */
  id: string
  /** Until when the same token would be taken again, in milliseconds since 1970. */
  goodUntil: number
}

/**
 * Verifies what a company's Okta proves itself with, where it asks for Universal Logout: a JWT of its own key, for this
 * address, by the rules of draft-parecki-oauth-global-token-revocation and Okta's documentation of it.
 *
 * @param options.companies the companies
 * @param options.audience the address that is asked, to the letter
 * @param options.send `fetch` with a time limit
 * @returns a function that raises TokenError for a bad token, and what keeps it from being verified
 */
export function revocationTokens({
  companies: known,
  audience,
  send,
}: {
  companies: Pick<Companies, 'byIssuer' | 'byOrg'>
  audience: string
  send: typeof fetch
}): (token: string) => Promise<RevocationToken> {
  const keysOf = companyKeys(send)

  return async (token) => {
    // Read before it is verified, to know whose key verifies it; nothing else is done with it.
    const issuer = issuerIn(token)
    const candidates = [...new Set([...known.byIssuer(issuer), ...known.byOrg(issuer)])]
    check('iss', candidates.length > 0)
    const names = [...new Set([issuer, ...candidates.flatMap((company) => namesOfIssuer(company.issuer))])]
    const { payload, protectedHeader } = await jwtVerify(token, keysOf(names), {
      issuer,
      audience,
      algorithms: asymmetricAlgorithms,
      clockTolerance,
      maxTokenAge: maximumAge,
      requiredClaims: ['iat', 'exp'],
    }).catch((error) => {
      throw tokenFault(error)
    })
    const { jti, sub, aud, iat = 0, exp = 0 } = payload
    // Without it an ID token of the same key could be meant (RFC 8725 §3.11).
    check('typ', isTyped(protectedHeader, 'global-token-revocation+jwt'))
    check('aud', [aud].flat().length === 1)
    check('jti', isIdentifier(jti))
    check('sub', isIdentifier(sub))
    const companies = candidates.filter(({ clientId = sub }) => clientId === sub)
    check('sub', companies.length > 0)
    // Checked to the second: one more, for the part of a second that this leaves out.
    const goodUntil = (Math.min(exp, iat + maximumAge) + clockTolerance + 1) * 1000
    return { companies, id: JSON.stringify([issuer, jti]), goodUntil }
  }
}

function issuerIn(token: string): string {
  try {
    if (token.length > longest) throw new errors.JWTInvalid(`longer than ${longest} characters`)
    return String(decodeJwt(token).iss)
  } catch (cause) {
    throw new TokenError('form', cause)
  }
}
