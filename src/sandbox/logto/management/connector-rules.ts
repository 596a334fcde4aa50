import type { z } from 'zod'
import { publicDomains } from '../../../settings/values/public-domains.ts'
import { IssuerFault, readIssuer } from '../connector/connector-issuer.ts'
import { ApiError } from './shared/api-error.ts'
import { ConnectorConfig } from './shared/schemas.ts'

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
 * The config, if one is given, after its issuer has been read once.
 *
 * @param between what Logto checks after the config's shape and before its issuer
 * @throws ApiError when it lacks something, or when there is no issuer at its address
 */
export async function requireUsableConfig(
  given: unknown,
  between: () => void = () => {},
): Promise<z.output<typeof ConnectorConfig> | undefined> {
  const { data, error } = ConnectorConfig.optional().safeParse(given)
  if (error) throw invalidConfig()
  between()
  if (data) {
    await readIssuer(data.issuer).catch((fault: unknown) => {
      if (!(fault instanceof IssuerFault)) throw fault
      const { code: message, detail } = fault
      throw invalidConfig({
        ssoErrorCode: 'invalid_config',
        config: { issuer: data.issuer },
        message,
        error: detail,
      })
    })
  }
  return data
}

const invalidConfig = (data?: unknown) =>
  new ApiError(400, 'connector.invalid_config', "The connector's config is invalid.", data ? { data } : {})
