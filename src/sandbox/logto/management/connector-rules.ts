import { publicDomains } from '../../../settings/values/public-domains.ts'
import { issuerIn } from '../connector/connectors.ts'
import { isSaml, KINDS } from '../connector/kinds.ts'
import { IssuerFault, readIssuer } from '../connector/openid/issuer.ts'
import { MetadataFault, readProvider } from '../connector/saml/metadata.ts'
import type { ConnectorConfig, ProviderName } from '../state/connector.ts'
import type { Tenant } from '../state/state.ts'
import { ApiError } from './shared/api-error.ts'

/**
 * The domains in lower case. Another connector may have the same: Logto allows that.
 *
 * @throws ApiError for those of a public mail service, and for one given twice
 */
export function requireUsableDomains(given: readonly string[] | undefined): string[] | undefined {
  const domains = given?.map((domain) => domain.toLowerCase())
  const refuse = (code: string, message: string, refused: string[] = []) => {
    // `data` within `data` is how Logto has it.
    if (refused.length > 0) throw new ApiError(422, code, message, { data: { data: [...new Set(refused)] } })
  }
  refuse(
    'single_sign_on.forbidden_domains',
    'Public email domains are not allowed.',
    domains?.filter((domain) => publicDomains.has(domain)),
  )
  refuse(
    'single_sign_on.duplicated_domains',
    'There are duplicate domains.',
    domains?.filter((domain, index) => domains.indexOf(domain) !== index),
  )
  return domains
}

/**
 * The config, if one is given, after its provider has been read once.
 *
 * @param between what Logto checks after the config's shape and before its provider
 * @throws ApiError when it lacks something, or when there is no provider at its address
 */
export async function requireUsableConfig(
  tenant: Tenant,
  providerName: ProviderName,
  given: unknown,
  between: () => void = () => {},
): Promise<ConnectorConfig | undefined> {
  const { data, error } = KINDS[providerName].config.optional().safeParse(given)
  if (error) throw invalid('invalid_config')
  between()
  if (data) await requireProvider(tenant, providerName, data)
  return data
}

async function requireProvider(tenant: Tenant, providerName: ProviderName, config: ConnectorConfig) {
  try {
    if (isSaml({ providerName })) await readProvider(config)
    else await readIssuer(issuerIn(tenant, { providerName, config }))
  } catch (fault) {
    if (fault instanceof MetadataFault) throw invalid(fault.code, fault.detail)
    if (!(fault instanceof IssuerFault)) throw fault
    const { code: message, detail: error } = fault
    throw invalid('invalid_config', {
      config: { issuer: issuerIn(tenant, { providerName, config }) },
      message,
      error,
    })
  }
}

const WORDS = {
  invalid_config: "The connector's config is invalid.",
  invalid_metadata: "The connector's metadata is invalid.",
  invalid_certificate: "The connector's certificate is invalid.",
}

const invalid = (code: keyof typeof WORDS, data?: Record<string, unknown>) =>
  new ApiError(400, `connector.${code}`, WORDS[code], data ? { data: { ssoErrorCode: code, ...data } } : {})
