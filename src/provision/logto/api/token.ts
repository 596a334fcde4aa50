import { z } from 'zod'
import { isExpiredSecret } from '../../../http-client/expired-secret.ts'
import { basicAuth } from '../../basic-auth.ts'
import type { LogtoAccess } from '../../desired.ts'
import { faultAt, ProvisionError, phrase } from '../../problem.ts'

const Granted = z.object({
  access_token: z.string(),
  expires_in: z.number(),
  scope: z.string().default(''),
})
const Refused = z.object({ error: z.string(), error_description: z.string().nullish() })

/** Logto's one scope for the whole Management API. */
const ALL = 'all'
/** Seconds before its end from which on a token is renewed. */
const LEEWAY = 60

/**
 * Fetches tokens for the Management API (RFC 6749 §4.4), one for as long as it is good.
 *
 * @returns a function that gives an access token
 * @throws ProvisionError for a wrong endpoint, ID, secret or API identifier, and where the application lacks the role
 */
export function managementTokens(access: LogtoAccess, send: typeof fetch): () => Promise<string> {
  let current: { value: string; until: number } | undefined
  return async () => {
    if (current && Date.now() < current.until) return current.value
    const { access_token: value, expires_in: seconds } = await requestToken(access, send)
    current = { value, until: Date.now() + (seconds - LEEWAY) * 1000 }
    return value
  }
}

async function requestToken(access: LogtoAccess, send: typeof fetch): Promise<z.output<typeof Granted>> {
  const response = await send(`${access.endpoint}/oidc/token`, {
    method: 'POST',
    headers: { accept: 'application/json', authorization: basicAuth(access.appId, access.appSecret) },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: access.managementApi,
      scope: ALL,
    }),
  })
  const body: unknown = await response.json().catch(() => undefined)
  const granted = Granted.safeParse(body)
  if (response.ok && granted.success) {
    if (!isHeaderText(granted.data.access_token)) throw unusableToken(access)
    if (!granted.data.scope.split(' ').includes(ALL)) throw withoutRole(access)
    return granted.data
  }
  throw refusal(access, response.status, Refused.safeParse(body).data)
}

function refusal(
  { endpoint, managementApi, appId }: LogtoAccess,
  status: number,
  answer: z.output<typeof Refused> | undefined,
): ProvisionError {
  const code = answer?.error ?? ''
  const words = answer?.error_description ?? ''
  if (isExpiredSecret({ code, words })) return secretExpired({ appId })
  switch (isOfAnotherKind(answer) ? 'unauthorized_client' : answer?.error) {
    case 'invalid_client':
      return new ProvisionError(
        phrase`Logto refuses the machine-to-machine application ${appId}: ${answer?.error_description ?? phrase`invalid client`}.`,
        phrase`Copy its App ID and an App secret anew (Logto console → Applications → the machine-to-machine application) into LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET.`,
      )
    case 'unauthorized_client':
      return new ProvisionError(
        phrase`Logto's application ${appId} is of another kind than machine-to-machine.`,
        phrase`Logto console → Applications → Create application → Machine-to-machine; copy its App ID and App secret into LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET.`,
      )
    case 'invalid_target':
      return new ProvisionError(
        phrase`Logto knows no API with the identifier ${managementApi}.`,
        phrase`Set LOGTO_MANAGEMENT_API to the identifier of “Logto Management API” (Logto console → API resources).`,
      )
    case 'invalid_scope':
    case 'access_denied':
      return withoutRole({ appId })
    case undefined:
      if (status >= 500) return faultAt(endpoint, status)
      return new ProvisionError(
        phrase`${endpoint} is not a Logto: its /oidc/token answered ${status}.`,
        phrase`Set LOGTO_ENDPOINT to “Logto endpoint” from any application's page in the Logto console, such as https://tenant.logto.app.`,
      )
    default:
      return new ProvisionError(
        phrase`Logto gives no token for its Management API: ${answer?.error}${answer?.error_description ? `, ${answer.error_description}` : ''}.`,
        phrase`Check LOGTO_M2M_APP_ID, LOGTO_M2M_APP_SECRET and LOGTO_MANAGEMENT_API.`,
      )
  }
}

/** RFC 6749 §5.2 has `unauthorized_client` for it, and Logto says `invalid_request`. */
const isOfAnotherKind = (answer: z.output<typeof Refused> | undefined): boolean =>
  answer?.error === 'invalid_request' &&
  Boolean(answer.error_description?.includes('grant type is not allowed'))

/** What can stand in a header behind `Bearer` (RFC 6750 §2.1, with room for what others put into tokens). */
const isHeaderText = (text: string) => /^[\x21-\x7e]+$/.test(text)

const unusableToken = ({ endpoint }: LogtoAccess) =>
  new ProvisionError(
    phrase`${endpoint} gives an access token that no header can hold: it is empty, or has a line break or another character that no token has.`,
    phrase`Look at what stands between this machine and Logto: no Logto gives such a token.`,
  )

const secretExpired = ({ appId }: { appId: string }) =>
  new ProvisionError(
    phrase`The secret in LOGTO_M2M_APP_SECRET has expired: Logto takes it no more for ${appId}.`,
    phrase`Logto console → Applications → the machine-to-machine application → App secrets → Create new secret; copy it into LOGTO_M2M_APP_SECRET.`,
  )

/** The same whether the token endpoint says so or the API. */
export const withoutRole = ({ appId }: { appId: string }) =>
  new ProvisionError(
    phrase`Logto's machine-to-machine application ${appId} may not use the Management API.`,
    phrase`Logto console → Applications → the machine-to-machine application → Roles → Assign roles → “Logto Management API access”.`,
  )
