import { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Brand } from '../pages/look.ts'
import { sendProviderPage } from '../pages/pages.ts'
import { secret } from '../random.ts'
import { cookieSuffix } from './cookie-suffix.ts'
import { fetchLoopback, ownTokensOnly, TTL } from './provider-defaults.ts'

/**
 * What the OpenID providers of companies have in common: they know their apps, ask nobody for consent, and draw their
 * own pages.
 *
 * @param look of these pages
 * @param address of the provider
 */
export function companyDefaults(look: Brand, address: string): Configuration {
  const cookie = { sameSite: 'lax', signed: true, overwrite: true, httpOnly: true } as const
  const suffix = cookieSuffix(address)
  return {
    // The short ones get the path of the one page they are for, so tabs never see each other's.
    cookies: {
      names: {
        session: `${look}_session${suffix}`,
        interaction: `${look}_login${suffix}`,
        resume: `${look}_resume${suffix}`,
      },
      keys: [secret(32)],
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    ttl: TTL,
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    allowOmittingSingleRegisteredRedirectUri: false,
    features: features(look),
    fetch: fetchLoopback,
    pkce: { required: () => false },
    // Their tokens live their own life: the end of the session does not end them, nor does another tab's grant.
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    interactions: { policy: policyWithoutConsent(), url: (_ctx, { uid }) => `/login/${uid}` },
  }
}

function features(look: Brand): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    resourceIndicators: { enabled: false },
    introspection: { enabled: true, allowedPolicy: ownTokensOnly },
    revocation: { enabled: true, allowedPolicy: ownTokensOnly },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => sendProviderPage(ctx, look, 'sign-out', { title: 'sign_out.title', form }),
      postLogoutSuccessSource: (ctx) =>
        sendProviderPage(ctx, look, 'message', { title: 'signed_out.title', text: 'signed_out.text' }),
    },
  }
}

/** No consent page is shown to an app of the company's own, whatever `prompt` asks for. */
function policyWithoutConsent() {
  const policy = interactionPolicy.base()
  policy.get('consent')?.checks.clear()
  return policy
}

/** Grants an app of the company's own what it asks for, without asking the person. */
export async function grantAtOnce({ oidc }: KoaContextWithOIDC) {
  const { client, session, params, provider } = oidc
  const accountId = session?.accountId
  if (!client || !accountId) return undefined
  const grant = new provider.Grant({ clientId: client.clientId, accountId })
  grant.addOIDCScope(String(params?.scope ?? ''))
  await grant.save()
  return grant
}
