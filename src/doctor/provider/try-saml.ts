import type { X509Certificate } from 'node:crypto'
import {
  certificateFrom,
  readSamlMetadata,
  type SamlProvider,
} from '../../provision/connection/saml-metadata.ts'
import type { ConnectorAddresses, FieldName, Values } from '../../provision/providers/provider.ts'
import type { Answer } from '../ask.ts'
import { authnRequestUrl } from './authn-request.ts'
import type { Means, ProviderFinding, Tried } from './finding.ts'
import * as words from './saml-words.ts'
import { silent } from './silent.ts'

/** A certificate that ends sooner than this is said, in milliseconds: time enough to ask another company for a new one. */
export const SOON = 30 * 24 * 3_600_000

/** Tries a SAML identity provider as Logto will use it: its metadata, its certificate, and whether it knows the connector. */
export async function trySaml(values: Values, at: ConnectorAddresses, means: Means): Promise<Tried> {
  const read = await providerOf(values, means)
  if (!('provider' in read)) return { findings: [read], issuer: undefined }
  const { provider, field } = read
  const findings = [
    ...certificateFindings(provider.certificates, field, means.now()),
    ...(await requestFindings(provider, field, at, means)),
  ]
  return { findings, issuer: provider.entityId }
}

type Read = { provider: SamlProvider; field: FieldName }

/** The provider, and the field that it comes from; or why there is none. */
async function providerOf(values: Values, { ask }: Means): Promise<Read | ProviderFinding> {
  const { metadataUrl, metadata, entityId = '', signInEndpoint, x509Certificate = '' } = values
  if (metadataUrl) {
    const asked = await ask(metadataUrl, {
      headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml' },
    })
    if ('fault' in asked) return silent('metadataUrl', asked.fault)
    const provider = asked.status === 200 ? readSamlMetadata(asked.text) : undefined
    return provider ? { provider, field: 'metadataUrl' } : words.noMetadata('metadataUrl', asked.status)
  }
  if (metadata) {
    const provider = readSamlMetadata(metadata)
    return provider ? { provider, field: 'metadata' } : words.noMetadata('metadata')
  }
  const certificate = certificateFrom(x509Certificate)
  const certificates = certificate ? [certificate] : []
  return {
    provider: { entityId, signInEndpoint, certificates, wantsSignedRequests: false },
    field: 'x509Certificate',
  }
}

/** Logto takes the first: what comes behind it is for the day after. */
export function certificateFindings(
  [first]: readonly X509Certificate[],
  field: FieldName,
  now: number,
): ProviderFinding[] {
  if (!first) return [words.noCertificate(field)]
  const end = Date.parse(first.validTo)
  if (end <= now) return [words.certificateOver(field, end)]
  return end - now < SOON ? [words.certificateSoonOver(field, end)] : []
}

/** A provider that does not know the connector, or its address, says so before anybody signs in; most do. */
async function requestFindings(
  { signInEndpoint, wantsSignedRequests }: SamlProvider,
  metadataField: FieldName,
  at: ConnectorAddresses,
  { ask, secrets, now }: Means,
): Promise<ProviderFinding[]> {
  const field = metadataField === 'x509Certificate' ? 'signInEndpoint' : metadataField
  if (!signInEndpoint || !URL.canParse(signInEndpoint)) return [words.noRedirectBinding(field)]
  // One that is not signed would be refused for that alone.
  if (wantsSignedRequests) return []
  const asked = await ask(authnRequestUrl(signInEndpoint, at, new Date(now())), {
    headers: { accept: 'text/html' },
  })
  if ('fault' in asked) return [words.endpointSilent(field, asked.fault)]
  const refused = refusalIn(asked)
  return refused ? [words.notRegistered(at, secrets.quote(refused))] : []
}

/** What a provider refuses a request with that it does not know: a status, or Entra's code on a page that says 200. */
export const refusalIn = ({ status, text }: Pick<Answer, 'status' | 'text'>): string | undefined =>
  /\bAADSTS\d+[^"<\\]{0,300}/.exec(text)?.[0] ?? (status >= 400 ? String(status) : undefined)
