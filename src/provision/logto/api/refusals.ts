import { z } from 'zod'
import type { LogtoAccess } from '../../desired.ts'
import { faultAt, ProvisionError } from '../../problem.ts'
import { withoutRole } from './token.ts'

const Body = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  data: z.unknown().optional(),
})

/**
 * What Logto's Management API refused, in words that say what to do.
 *
 * @param body the answer, as parsed from JSON; only its code, message and the data meant for people are shown
 */
export function refusedByLogto(access: LogtoAccess, status: number, body: unknown): ProvisionError {
  const { code = '', message = '', data } = Body.safeParse(body).data ?? {}
  switch (code) {
    case 'auth.forbidden':
      return withoutRole(access)
    case 'single_sign_on.duplicate_connector_name':
      return connectorNameTaken()
    case 'single_sign_on.forbidden_domains':
      return new ProvisionError(
        `Logto takes no public email domains: ${namesIn(data) || message}`,
        "Write the company's own domains into SSO_EMAIL_DOMAINS (--domain).",
      )
    case 'single_sign_on.duplicated_domains':
      return new ProvisionError(
        `Logto refuses a domain that is given twice: ${namesIn(data) || message}`,
        'Name each domain once.',
      )
    case 'connector.invalid_config':
      return new ProvisionError(
        'Logto cannot read the issuer of the connector, though this machine can.',
        'Check that Logto itself reaches OKTA_ISSUER (or OKTA_ORG_URL): a Logto elsewhere knows no localhost of yours.',
      )
    default:
      if (!code) return status >= 500 ? faultAt(access.endpoint, status) : unreadable(access)
      return new ProvisionError(
        `Logto refuses (${status} ${code}): ${message}`,
        code.startsWith('subscription.')
          ? "The tenant's plan does not include it: Logto console → Tenant settings → Plan and billing."
          : 'Look the code up in the documentation of Logto, or do this step in the Logto console and run provision again.',
      )
  }
}

/** A connector's name is one connector's alone. */
export const connectorNameTaken = (of = '') =>
  new ProvisionError(
    `Logto has another connector already with this name${of && `: ${of}`}.`,
    'Choose another with SSO_CONNECTOR_NAME (--connector-name).',
  )

/** An answer that no Logto gives. */
export const unreadable = ({ endpoint }: LogtoAccess) =>
  new ProvisionError(
    `The answer of ${endpoint} is not that of Logto's Management API.`,
    "Set LOGTO_ENDPOINT to “Logto endpoint” from any application's page in the Logto console; the console itself has another address.",
  )

/** The domains that an error is about: in a list, or in one that is wrapped once more. */
function namesIn(data: unknown): string {
  if (Array.isArray(data)) return data.filter((name) => typeof name === 'string').join(', ')
  return typeof data === 'object' && data !== null && 'data' in data ? namesIn(data.data) : ''
}
