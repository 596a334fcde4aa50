import { errors, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { orgOf } from '../../settings/companies/connector-index.ts'
import { address } from '../logto/logto-metadata.ts'
import { issuerKeys, remembered } from '../logto/verify/issuer.ts'
import { asymmetricAlgorithms } from '../logto/verify/signature-algorithms.ts'

/** As much of a discovery document (OpenID Connect Discovery 1.0 §3). Okta signs with RS256 where it does not say. */
const discoveryDocument = z.object({
  issuer: z.string(),
  jwks_uri: address,
  id_token_signing_alg_values_supported: z.array(z.unknown()).default(['RS256']),
})

/** The names that a company's Okta may have in its tokens: a custom authorization server's, and its org's. */
export const namesOfIssuer = (issuer: string): string[] => [...new Set([issuer, orgOf(issuer)])]

/**
 * Looks keys of companies up, each issuer's for itself, and keeps them as Logto's are kept.
 *
 * @param send `fetch` with a time limit
 * @returns a function that takes the names of one company's Okta, and gives the look-up for tokens from anybody: among
 *   the keys of the first name, and then of the others, for no document says whether a custom authorization server signs
 *   what an org has to say
 */
export function companyKeys(send: typeof fetch): (names: readonly string[]) => JWTVerifyGetKey {
  const known = new Map<string, JWTVerifyGetKey>()

  function ofOneName(name: string): JWTVerifyGetKey {
    const keys = known.get(name) ?? issuerKeys(discovery(name, send), send).ofTokensFromAnybody
    known.set(name, keys)
    return keys
  }

  return (names) => async (header, jws) => {
    for (const name of names) {
      try {
        return await ofOneName(name)(header, jws)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      }
    }
    throw new errors.JWKSNoMatchingKey()
  }
}

const discovery = (issuer: string, send: typeof fetch) =>
  remembered(async () => {
    const url = `${issuer}/.well-known/openid-configuration`
    const response = await send(url, { headers: { accept: 'application/json' } })
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
    const { data } = discoveryDocument.safeParse(await response.json().catch(() => undefined))
    // OpenID Connect Discovery 1.0 §4.3: another's document names another's keys.
    if (data?.issuer.replace(/\/$/, '') !== issuer) throw new Error(`${url} is not the document of ${issuer}`)
    const { jwks_uri: jwksUri, id_token_signing_alg_values_supported: announced } = data
    if (issuer.startsWith('https:') && !jwksUri.startsWith('https:')) {
      throw new Error(`${url} is on https, but names keys that are not`)
    }
    return { jwksUri, algorithms: asymmetricAlgorithms.filter((each) => announced.includes(each)) }
  })
