import { z } from 'zod'
import { wireCode } from '../fault.ts'

const TIMEOUT_MS = 5000

/** What a connector needs of a discovery document; whatever else is in it is kept. */
const DiscoveryDocument = z.looseObject({
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  userinfo_endpoint: z.string(),
  jwks_uri: z.string(),
  issuer: z.string(),
})

export type DiscoveryDocument = z.output<typeof DiscoveryDocument>

/** The address that was configured as an issuer does not give the discovery document of one. */
export class IssuerFault extends Error {
  override readonly name = 'IssuerFault'
  readonly code: 'fail_to_fetch_config' | 'invalid_config_response'
  /** What Logto's API tells of it. */
  readonly detail: unknown

  constructor(code: IssuerFault['code'], detail: unknown, options?: ErrorOptions) {
    super(code, options)
    this.code = code
    this.detail = detail
  }
}

/**
 * Reads the discovery document at an address. As at Logto, the `issuer` in it is taken as it is and not compared
 * with the address, where OpenID Connect Discovery §4.3 would have the two equal.
 *
 * @throws IssuerFault
 */
export async function readIssuer(issuer: string): Promise<DiscoveryDocument> {
  const { ok, body } = await fetchDocument(`${issuer}/.well-known/openid-configuration`)
  if (!ok) throw new IssuerFault('fail_to_fetch_config', body)
  const { data, error } = DiscoveryDocument.safeParse(body)
  if (!data) throw new IssuerFault('invalid_config_response', z.flattenError(error))
  return data
}

async function fetchDocument(url: string): Promise<{ ok: boolean; body: unknown }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    return { ok: response.ok, body: response.ok ? await response.json() : await response.text() }
  } catch (cause) {
    throw new IssuerFault('fail_to_fetch_config', { code: wireCode(cause), name: 'RequestError' }, { cause })
  }
}
