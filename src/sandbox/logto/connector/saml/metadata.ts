import { X509Certificate } from 'node:crypto'
import type { IdentityProviderInstance } from 'samlify'
import { type Samlify, samlLibrary } from '../../../shared/saml-library.ts'
import { bareCertificate, providerMetadata } from '../../../shared/saml-provider-metadata.ts'
import type { ConnectorConfig } from '../../state/connector.ts'
import { wireCode } from '../fault.ts'

const TIMEOUT_MS = 5000

/** The metadata of a SAML provider cannot be had or is none. */
export class MetadataFault extends Error {
  override readonly name = 'MetadataFault'
  readonly code: 'invalid_metadata' | 'invalid_certificate'
  /** What Logto's API tells of it. */
  readonly detail: Record<string, unknown>

  constructor(code: MetadataFault['code'], detail: Record<string, unknown>, options?: ErrorOptions) {
    super(code, options)
    this.code = code
    this.detail = detail
  }
}

/** What a connector needs to know of a SAML provider. */
export interface ProviderMetadata {
  entityId: string
  signInEndpoint: string
  x509Certificate: string
  /** Milliseconds since 1970. */
  certificateExpiresAt: number
  isCertificateValid: boolean
}

/**
 * Reads what a connector is told of its SAML provider, anew each time: a certificate that was changed counts at once.
 *
 * @throws MetadataFault
 */
export async function readProvider(
  config: ConnectorConfig,
): Promise<{ saml: Samlify; provider: IdentityProviderInstance; about: ProviderMetadata }> {
  const saml = samlLibrary()
  const { metadataUrl, entityId = '', signInEndpoint = '', x509Certificate: certificate = '' } = config
  const given = config.metadata ?? providerMetadata({ entityId, signInEndpoint, certificate })
  const xml = metadataUrl === undefined ? given : await fetchMetadata(metadataUrl)
  const provider = attempt(() => saml.IdentityProvider({ metadata: xml }))
  return { saml, provider, about: attempt(() => describe(provider)) }
}

function describe({ entityMeta }: IdentityProviderInstance): ProviderMetadata {
  const entityId = entityMeta.getEntityID()
  const signInEndpoint = entityMeta.getSingleSignOnService('redirect')
  const [found] = [entityMeta.getX509Certificate('signing')].flat()
  if (typeof entityId !== 'string' || typeof signInEndpoint !== 'string')
    throw new Error('not the metadata of one')
  const certificate = certificateOf(found ?? '')
  const certificateExpiresAt = Date.parse(certificate.validTo)
  return {
    entityId,
    signInEndpoint,
    x509Certificate: certificate.toString(),
    certificateExpiresAt,
    isCertificateValid: certificateExpiresAt > Date.now(),
  }
}

function certificateOf(text: string): X509Certificate {
  try {
    return new X509Certificate(
      `-----BEGIN CERTIFICATE-----\n${bareCertificate(text)}\n-----END CERTIFICATE-----`,
    )
  } catch (cause) {
    throw new MetadataFault('invalid_certificate', { error: String(cause) }, { cause })
  }
}

/** Whatever the library says of what it cannot read. */
function attempt<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof MetadataFault) throw cause
    const detail = { message: 'invalid_connector_config', error: String(cause) }
    throw new MetadataFault('invalid_metadata', detail, { cause })
  }
}

async function fetchMetadata(url: string): Promise<string> {
  const failed = (error: unknown, options?: ErrorOptions) =>
    new MetadataFault('invalid_metadata', { message: 'fail_to_fetch_config', error }, options)
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause: unknown) => {
    throw failed({ code: wireCode(cause), name: 'RequestError' }, { cause })
  })
  const body = await response.text()
  if (!response.ok) throw failed(body)
  return body
}
