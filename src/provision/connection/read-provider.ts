import { readFileSync } from 'node:fs'
import type { SettingFault } from '../../settings/fault.ts'
import type { WiringSettings } from '../../settings/wiring.ts'
import type { OtherProvider } from '../desired.ts'
import { phrase } from '../problem.ts'
import { providers } from '../providers/index.ts'
import type { FieldName, Provider, ProviderName } from '../providers/provider.ts'
import { readValues } from '../providers/values.ts'

/** The setting that each field of a provider is entered in. */
export const SETTING_OF = {
  issuer: 'SSO_ISSUER',
  clientId: 'SSO_CLIENT_ID',
  clientSecret: 'SSO_CLIENT_SECRET',
  scope: 'SSO_EXTRA_SCOPES',
  trustUnverifiedEmail: 'SSO_TRUST_UNVERIFIED_EMAIL',
  metadataUrl: 'SSO_METADATA_URL',
  metadata: 'SSO_METADATA_FILE',
  entityId: 'SSO_ENTITY_ID',
  signInEndpoint: 'SSO_SIGN_IN_ENDPOINT',
  x509Certificate: 'SSO_CERTIFICATE_FILE',
  idAttribute: 'SSO_ID_ATTRIBUTE',
  emailAttribute: 'SSO_EMAIL_ATTRIBUTE',
  nameAttribute: 'SSO_NAME_ATTRIBUTE',
} as const satisfies Record<FieldName, keyof WiringSettings>

/** These hold a file's path in their setting. */
const files: readonly FieldName[] = ['metadata', 'x509Certificate']

/** Without one of these, nobody has made the provider's half yet. */
const decisive = ['clientId', 'clientSecret', 'metadataUrl', ...files, 'entityId', 'signInEndpoint'] as const

type Texts = Readonly<Record<string, unknown>>

/**
 * The company's provider, by the settings.
 *
 * @param given those that have no fault
 * @returns undefined for Okta, which has settings of its own
 */
export function readProvider(given: WiringSettings): OtherProvider | undefined {
  if (given.SSO_PROVIDER === 'Okta') return undefined
  const provider = providers[given.SSO_PROVIDER]
  const read = isFilledIn(provider, given) ? readValues(provider, typedFor(provider, given)) : undefined
  return {
    name: given.SSO_PROVIDER,
    values: read && 'values' in read ? read.values : undefined,
  }
}

/** What is wrong with them. @param texts the settings that are set, as written */
export function providerFaults(texts: Readonly<Record<string, string>>): SettingFault[] {
  const provider = Object.values(providers).find(
    ({ name }) => name.toLowerCase() === texts.SSO_PROVIDER?.toLowerCase(),
  )
  if (!provider || provider.name === 'Okta') return []
  const missingName = texts.SSO_CONNECTOR_NAME ? [] : [nameMissing(provider.name)]
  if (!isFilledIn(provider, texts)) return missingName
  const unread = files.flatMap((field) => unreadable(texts, field))
  if (unread.length > 0) return [...missingName, ...unread]
  const read = readValues(provider, typedFor(provider, texts))
  const faults = 'faults' in read ? read.faults : []
  return [
    ...missingName,
    ...faults.map(({ field, problem, fix }) => ({ setting: SETTING_OF[field], problem, fix })),
  ]
}

const nameMissing = (provider: ProviderName): SettingFault => ({
  setting: 'SSO_CONNECTOR_NAME',
  problem: phrase`is not set, while SSO_PROVIDER is ${provider}`,
  fix: phrase`write the company's name, which its people see when they sign in (or pass --connector-name Acme)`,
})

const isFilledIn = ({ fields }: Provider, given: Texts) =>
  fields.some(({ name }) => (decisive as readonly FieldName[]).includes(name) && given[SETTING_OF[name]])

/** What was entered for this kind, and of other kinds nothing: the file may hold another company's. */
function typedFor({ fields }: Provider, given: Texts): Partial<Record<FieldName, string>> {
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const text = given[SETTING_OF[name]]
      if (text === undefined) return []
      if (Array.isArray(text)) return [[name, text.join(' ')]]
      return [[name, files.includes(name) ? readFileSync(String(text), 'utf8') : String(text)]]
    }),
  )
}

function unreadable(texts: Readonly<Record<string, string>>, field: FieldName): SettingFault[] {
  const setting = SETTING_OF[field]
  const path = texts[setting]
  if (path === undefined) return []
  try {
    readFileSync(path)
    return []
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    return [
      {
        setting,
        problem: phrase`names a file that cannot be read (${code})`,
        fix: phrase`write the path of the file`,
      },
    ]
  }
}
