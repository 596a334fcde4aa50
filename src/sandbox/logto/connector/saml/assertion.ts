import type { IdentityProviderInstance } from 'samlify'
import { z } from 'zod'
import type { Samlify } from '../../../shared/saml-library.ts'
import type { SsoConnector } from '../../state/connector.ts'
import type { SsoProfile } from '../attempt.ts'
import { ConnectorFault } from '../fault.ts'
import { providerOf, serviceProviderOf } from './request.ts'

/** What the names of the config stand for where it says nothing else. */
export const DEFAULT_MAPPING = { id: 'nameID', email: 'email', name: 'name' }

/** How far the two clocks may be apart, in milliseconds. */
const SKEW = 10_000

/** What has to be in an assertion that is to count; read from the very part that was signed, and from nothing else. */
const Assertion = z.object({
  id: z.string().min(1),
  audience: z.union([z.string(), z.array(z.string())]),
  conditions: z.object({ notBefore: z.iso.datetime(), notOnOrAfter: z.iso.datetime() }),
  confirmation: z.object({
    recipient: z.string(),
    notOnOrAfter: z.iso.datetime(),
    inResponseTo: z.string().optional(),
  }),
  nameID: z.string().min(1),
  attributes: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullish(),
})

/** Somebody whom a SAML provider vouches for. */
export interface Vouched {
  assertionId: string
  profile: SsoProfile
  /** Milliseconds since 1970. */
  expiresAt: number
}

/**
 * Verifies a response (SAML 2.0 Profiles §4.1.4): the signature of its assertion by the provider's certificate, its
 * issuer, status, times, audience, recipient, and that it answers the request that was made.
 *
 * @param requestId of the request; nothing where there was none, and then the assertion may name none
 * @throws ConnectorFault for a response that proves nothing
 */
export async function vouchedBy(
  endpoint: string,
  connector: SsoConnector,
  response: string,
  requestId: string | undefined,
): Promise<Vouched> {
  const { saml, provider, about } = await providerOf(connector)
  const { entityId, assertionConsumerServiceUrl } = serviceProviderOf(endpoint, connector.id)
  const refuse = (why: string, cause?: unknown) => new ConnectorFault('unverifiable', why, { cause })

  const serviceProvider = saml.ServiceProvider({ entityID: entityId })
  const request = { body: { SAMLResponse: response } }
  const { samlContent } = await serviceProvider
    .parseLoginResponse(provider, 'post', request)
    .catch((cause: unknown) => {
      throw refuse(cause instanceof Error ? cause.message : String(cause), cause)
    })
  const signed = signedAssertion(saml, samlContent, provider)
  const { data, error } = Assertion.safeParse(signed && contentOf(saml, signed))
  if (!data) throw refuse('ERR_INCOMPLETE_ASSERTION', error)

  const { audience, confirmation, conditions } = data
  const now = Date.now()
  const ends = Math.min(...[confirmation, conditions].map(({ notOnOrAfter }) => Date.parse(notOnOrAfter)))
  if (![audience].flat().includes(entityId)) throw refuse('ERR_AUDIENCE')
  if (confirmation.recipient !== assertionConsumerServiceUrl) throw refuse('ERR_RECIPIENT')
  if (confirmation.inResponseTo !== requestId) throw refuse('ERR_IN_RESPONSE_TO')
  if (now >= ends + SKEW || now < Date.parse(conditions.notBefore) - SKEW) throw refuse('ERR_TIME')
  const profile = profileOf(about.entityId, connector, { nameID: data.nameID, ...data.attributes })
  if (!profile) throw refuse('ERR_IDENTITY')
  return { assertionId: data.id, profile, expiresAt: ends + SKEW }
}

function signedAssertion(
  { SamlLib }: Samlify,
  xml: string,
  { entityMeta, entitySetting }: IdentityProviderInstance,
) {
  const { requestSignatureAlgorithm } = entitySetting
  const options = {
    metadata: entityMeta,
    ...(requestSignatureAlgorithm && { signatureAlgorithm: requestSignatureAlgorithm }),
  }
  const [isVerified, assertion] = SamlLib.verifySignature(xml, options)
  return isVerified ? assertion : null
}

const contentOf = ({ Extractor }: Samlify, assertion: string) =>
  Extractor.extract(assertion, [
    { key: 'id', localPath: ['Assertion'], attributes: ['ID'] },
    { key: 'audience', localPath: AUDIENCE, attributes: [] },
    { key: 'conditions', localPath: ['Assertion', 'Conditions'], attributes: ['NotBefore', 'NotOnOrAfter'] },
    {
      key: 'confirmation',
      localPath: CONFIRMATION,
      attributes: ['Recipient', 'NotOnOrAfter', 'InResponseTo'],
    },
    { key: 'nameID', localPath: ['Assertion', 'Subject', 'NameID'], attributes: [] },
    {
      key: 'attributes',
      localPath: ['Assertion', 'AttributeStatement', 'Attribute'],
      index: ['Name'],
      attributePath: ['AttributeValue'],
      attributes: [],
    },
  ])

const AUDIENCE = ['Assertion', 'Conditions', 'AudienceRestriction', 'Audience']
const CONFIRMATION = ['Assertion', 'Subject', 'SubjectConfirmation', 'SubjectConfirmationData']

/** The person by the connector's mapping. SAML says nothing of whether an email is verified: Logto takes it for so. */
function profileOf(
  issuer: string,
  { config }: SsoConnector,
  attributes: Record<string, string | string[]>,
): SsoProfile | undefined {
  const names = new Map(
    Object.entries({ ...DEFAULT_MAPPING, ...config.attributeMapping }).map(([ours, theirs]) => [
      theirs,
      ours,
    ]),
  )
  const detail = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [names.get(name) ?? name, value]),
  )
  const text = (name: string) => (typeof detail[name] === 'string' ? detail[name] : null)
  const identityId = text('id')
  if (!identityId) return undefined
  return { issuer, identityId, name: text('name'), avatar: null, email: text('email'), detail }
}
