import { z } from 'zod'
import { ProvisionError, phrase } from '../problem.ts'

const Document = z.object({ issuer: z.url({ protocol: /^https?$/ }) })
const Experience = z.object({ tenantId: z.string() })

/** The tenant that holds the accounts of the console. */
const ADMIN = 'admin'

/**
 * Makes sure that an endpoint is the one by which Logto calls itself: what is planned with another leads nowhere, since
 * Logto sends people back to its own. What is no Logto at all is for the calls that follow to find out.
 *
 * @throws ProvisionError for another issuer (OpenID Connect Discovery 1.0 §4.3), and for Logto's admin tenant
 */
export async function assertOwnEndpoint(endpoint: string, send: typeof fetch): Promise<void> {
  const read = async <T>(path: string, schema: z.ZodType<T>) => {
    const response = await send(endpoint + path, { headers: { accept: 'application/json' } })
    return schema.safeParse(await response.json().catch(() => undefined)).data
  }
  const experience = await read('/api/.well-known/sign-in-exp', Experience)
  if (experience?.tenantId === ADMIN) throw adminTenant(endpoint)
  const document = await read('/oidc/.well-known/openid-configuration', Document)
  if (document && document.issuer !== `${endpoint}/oidc`) throw anotherIssuer(endpoint, document.issuer)
}

export const isAdminTenant = (tenantId: string | undefined): boolean => tenantId === ADMIN

/** The console has an address of its own, beside the one for everybody's apps. */
export const adminTenant = (endpoint: string) =>
  new ProvisionError(
    phrase`${endpoint} is Logto's admin tenant: it signs people in to the console, and knows none of the applications and connectors made there.`,
    phrase`Set LOGTO_ENDPOINT to “Logto endpoint” (Logto console → Applications → the app → Endpoints & Credentials). A self-hosted Logto has it in ENDPOINT, by default on port 3001, and the admin tenant's in ADMIN_ENDPOINT, by default on 3002.`,
  )

/** @param issuer as it calls itself, which may be shown */
export function anotherIssuer(endpoint: string, issuer: string): ProvisionError {
  const baseOfIssuer = issuer.replace(/\/oidc\/?$/, '')
  const onlyTheScheme = baseOfIssuer.replace(/^http:/, 'https:') === endpoint
  return new ProvisionError(
    phrase`Logto calls itself another issuer than ${endpoint}/oidc: ${issuer}. Tokens name the one, and people are sent to the other.`,
    phrase`${
      onlyTheScheme
        ? phrase`A proxy ends TLS before your Logto: set TRUST_PROXY_HEADER=1 and ENDPOINT=${endpoint} in the environment of Logto.`
        : phrase`Set LOGTO_ENDPOINT=${baseOfIssuer}, if that is your Logto. A self-hosted Logto behind a proxy needs ENDPOINT=${endpoint} in its own environment (and TRUST_PROXY_HEADER=1 where the proxy ends TLS).`
    } Restart what you have changed.`,
  )
}
