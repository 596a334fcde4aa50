import { z } from 'zod'
import type { InEachLanguage } from '../../../words/phrase.ts'
import type { LogtoAccess } from '../../desired.ts'
import { faultAt, ProvisionError, phrase } from '../../problem.ts'
import { withoutRole } from './token.ts'

const Body = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  data: z.unknown().optional(),
})

const Reason = z.object({ message: z.string() })

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
        phrase`Logto takes no public email domains: ${namesIn(data) || message}`,
        phrase`Write the company's own domains into SSO_EMAIL_DOMAINS (--domain).`,
      )
    case 'single_sign_on.duplicated_domains':
      return new ProvisionError(
        phrase`Logto refuses a domain that is given twice: ${namesIn(data) || message}`,
        phrase`Name each domain once.`,
      )
    case 'connector.invalid_config':
    case 'connector.invalid_metadata':
      return unreadableProvider(code, data)
    case 'connector.invalid_certificate':
      return new ProvisionError(
        phrase`Logto cannot read the certificate in the provider's metadata.`,
        phrase`Copy the metadata anew, or enter the provider's signing certificate with SSO_CERTIFICATE_FILE.`,
      )
    case 'connector.not_found':
      return new ProvisionError(
        phrase`This Logto has no connector for a provider of that kind.`,
        phrase`Update Logto, or write OIDC or SAML into SSO_PROVIDER (--provider), with the same values.`,
      )
    default:
      if (!code) return status >= 500 ? faultAt(access.endpoint, status) : unreadable(access)
      return new ProvisionError(
        phrase`Logto refuses (${status} ${code}): ${message}`,
        code.startsWith('subscription.')
          ? phrase`The tenant's plan does not include it: Logto console → Tenant settings → Plan and billing.`
          : phrase`Look the code up in the documentation of Logto, or do this step in the Logto console and run provision again.`,
      )
  }
}

/** Logto reads what a connector names before it keeps it. */
function unreadableProvider(code: string, data: unknown): ProvisionError {
  const isSaml = code === 'connector.invalid_metadata'
  const { message } = Reason.safeParse(data).data ?? {}
  const what = isSaml ? phrase`the provider's SAML metadata` : phrase`the issuer of the connector`
  // Without one it refuses the config itself, before it looks anywhere.
  if (message && message !== 'fail_to_fetch_config') {
    return new ProvisionError(
      phrase`What Logto finds at ${what} is not what it takes (${message}).`,
      isSaml
        ? phrase`Check that SSO_METADATA_URL or SSO_METADATA_FILE is an identity provider's own, with its sign-in address for HTTP-Redirect and its certificate.`
        : phrase`Check that the issuer has a whole discovery document: authorization_endpoint, token_endpoint, jwks_uri.`,
    )
  }
  return new ProvisionError(
    isSaml
      ? phrase`Logto cannot read ${what}, though this machine may.`
      : phrase`Logto cannot read ${what}, though this machine can.`,
    phrase`Check that Logto itself reaches ${isSaml ? 'SSO_METADATA_URL' : phrase`the issuer (OKTA_ISSUER or OKTA_ORG_URL; SSO_ISSUER)`}: a Logto elsewhere knows no localhost of yours.`,
  )
}

/** A connector's name is one connector's alone. */
export const connectorNameTaken = (of?: InEachLanguage) =>
  new ProvisionError(
    of
      ? phrase`Logto has another connector already with this name: ${of}.`
      : phrase`Logto has another connector already with this name.`,
    phrase`Choose another with SSO_CONNECTOR_NAME (--connector-name).`,
  )

/** An answer that no Logto gives. */
export const unreadable = ({ endpoint }: LogtoAccess) =>
  new ProvisionError(
    phrase`The answer of ${endpoint} is not that of Logto's Management API.`,
    phrase`Set LOGTO_ENDPOINT to “Logto endpoint” from any application's page in the Logto console; the console itself has another address.`,
  )

/** The domains that an error is about: in a list, or in one that is wrapped once more. */
function namesIn(data: unknown): string {
  if (Array.isArray(data)) return data.filter((name) => typeof name === 'string').join(', ')
  return typeof data === 'object' && data !== null && 'data' in data ? namesIn(data.data) : ''
}
