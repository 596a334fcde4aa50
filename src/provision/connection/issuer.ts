import { z } from 'zod'
import { isExpiredSecret } from '../../http-client/expired-secret.ts'
import type { InEachLanguage } from '../../words/phrase.ts'
import { basicAuth } from '../basic-auth.ts'
import type { OktaClient } from '../desired.ts'
import { faultAt, ProvisionError, phrase } from '../problem.ts'
import type { Provider } from '../providers/provider.ts'

const Document = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
})

export interface Issuer {
  issuer: string
  tokenEndpoint: string
}

/**
 * Asks an issuer for its metadata. Logto does the same when a connector is made, but does not say what is wrong,
 * and takes whatever name the document gives.
 *
 * @param issuer as it will stand in the connector
 * @param options.isNameOf whether the document's name for it is good
 * @param options.fix where the issuer is set, in words
 * @throws ProvisionError when nobody answers, what answers is no issuer, or has another name (OpenID Connect Discovery
 * 1.0 §4.3)
 */
export async function discoverIssuer(
  issuer: string,
  send: typeof fetch,
  {
    fix,
    isNameOf = (name) => name === issuer,
  }: { fix: (meant?: string) => InEachLanguage; isNameOf?: Provider['isNameOf'] },
): Promise<Issuer> {
  const url = `${issuer}/.well-known/openid-configuration`
  const response = await send(url, { headers: { accept: 'application/json' } })
  const document = Document.safeParse(await response.json().catch(() => undefined))
  if (!response.ok || !document.success) {
    throw new ProvisionError(
      phrase`${issuer} is no OpenID issuer: ${url} answered ${response.status}, and not with a discovery document.`,
      fix(),
    )
  }
  const { issuer: name, token_endpoint: tokenEndpoint } = document.data
  if (!isNameOf(name, issuer)) {
    throw new ProvisionError(phrase`${issuer} answers as another issuer: it calls itself ${name}.`, fix(name))
  }
  return { issuer, tokenEndpoint }
}

const Refused = z.object({
  error: z.string().optional(),
  error_description: z.string().optional(),
  errorCode: z.string().optional(),
})

/**
 * Whether an issuer takes a client's secret, found out with a code that nobody was given: a client it knows is told
 * that the code is wrong (`invalid_grant`), any other that the client is (`invalid_client`, RFC 6749 §5.2).
 *
 * @throws ProvisionError when the issuer itself is at fault, and says neither
 */
export async function takesSecret(
  { tokenEndpoint }: Issuer,
  client: OktaClient,
  send: typeof fetch,
): Promise<boolean> {
  const response = await send(tokenEndpoint, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: basicAuth(client.clientId, client.clientSecret),
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'none',
      redirect_uri: 'https://localhost/none',
    }),
  })
  if (response.status >= 500) throw faultAt(new URL(tokenEndpoint).origin, response.status)
  const body = Refused.safeParse(await response.json().catch(() => undefined)).data ?? {}
  const { error: code = body.errorCode ?? '', error_description: words = '' } = body
  // Entra has a code of its own for a client that it does not know.
  return code !== 'invalid_client' && !words.includes('AADSTS700016') && !isExpiredSecret({ code, words })
}
