import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import Provider, { type KoaContextWithOIDC } from 'oidc-provider'
import type { Brand } from '../../shared/pages/look.ts'
import { sendProviderPage } from '../../shared/pages/pages.ts'
import { companyDefaults, grantAtOnce } from '../../shared/provider/company-defaults.ts'
import { reportFailures } from '../../shared/provider/provider-defaults.ts'
import { createProviderStorage } from '../../shared/provider/provider-storage.ts'
import { keepSessionIds } from '../../shared/provider/stable-sessions.ts'
import { activePerson, type Person } from '../directory.ts'
import type { Flavour } from './flavour.ts'

const SIGNING = 'RS256'

/** An application, as it was entered by hand. */
export interface Client {
  clientId: string
  clientSecret: string
  /** None, until somebody has entered where it is. */
  redirectUris: string[]
}

/** The OpenID provider of a company, which has one application and needs nobody's consent. */
export async function createProvider(
  look: Brand,
  url: string,
  flavour: Flavour,
  people: readonly Person[],
  client: Client,
): Promise<Provider> {
  const storage = createProviderStorage({
    findClient: (id) => (id === client.clientId ? metadataOf(url, client) : undefined),
    isActive: (id) => activePerson(people, id) !== undefined,
  })
  const { privateKey } = await generateKeyPair(SIGNING, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const provider = new Provider(flavour.issuer, {
    ...companyDefaults(look, url),
    adapter: storage.adapter,
    jwks: { keys: [{ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: SIGNING, use: 'sig' }] },
    routes: flavour.routes,
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: { ...flavour.claimsByScope },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    loadExistingGrant: grantAtOnce,
    async renderError(ctx, out) {
      const title = `${ctx.status}`
      const summary = out.error_description ?? 'The request is not valid.'
      await sendProviderPage(ctx, look, 'error', { title, code: out.error, summary })
    },
    findAccount(_ctx, id) {
      const person = activePerson(people, id)
      return person && { accountId: id, claims: (use) => flavour.claimsOf(person, use) }
    },
  })
  if (!flavour.namesIssuer) provider.use(leaveIssuerOut)
  keepSessionIds(provider, storage)
  reportFailures(provider, look)
  return provider
}

const metadataOf = (url: string, { clientId, clientSecret, redirectUris }: Client) => ({
  client_id: clientId,
  client_secret: clientSecret,
  token_endpoint_auth_method: 'client_secret_basic' as const,
  // The library knows no client without one: until one is entered, it is the provider's own page.
  redirect_uris: redirectUris.length > 0 ? [...redirectUris] : [`${url}/`],
  response_types: ['code' as const],
  grant_types: ['authorization_code'],
})

/** The library names the issuer in every answer (RFC 9207); not every provider does. */
async function leaveIssuerOut(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next()
  const location = ctx.response.get('location')
  if (!URL.canParse(location)) return
  const url = new URL(location)
  url.searchParams.delete('iss')
  ctx.set('location', url.href)
}
