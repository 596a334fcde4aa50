import type { InEachLanguage } from '../../words/phrase.ts'
import { readAddress, readCertificate, readMetadata, readName } from './checks.ts'
import type { ConnectorConfig, Field, FieldFault, FieldName, Values } from './provider.ts'

/** What Logto reads of an assertion, and from which attribute where nothing else is said. */
export const LOGTO_ATTRIBUTES = { id: 'nameID', email: 'email', name: 'name' } as const

/** What a SAML identity provider is asked for: its metadata in one of three ways, and its attributes. */
export function samlFields(hints: {
  metadataUrl: InEachLanguage
  metadata: InEachLanguage
  byHand: InEachLanguage
  /** The attributes that the provider sends unless it is told otherwise. */
  attributes: { email: string; name: string }
}): Field[] {
  const one = { required: false } as const
  return [
    {
      ...one,
      name: 'metadataUrl',
      label: { en: 'Metadata URL', ja: 'メタデータ URL' },
      hint: hints.metadataUrl,
      input: 'address',
      read: readAddress,
    },
    {
      ...one,
      name: 'metadata',
      label: { en: 'Metadata (XML), where there is no address', ja: 'メタデータ（XML。アドレスがない場合）' },
      hint: hints.metadata,
      input: 'lines',
      read: readMetadata,
    },
    {
      ...one,
      name: 'entityId',
      label: { en: 'Entity ID of the provider, by hand', ja: 'プロバイダーの Entity ID（手入力）' },
      hint: hints.byHand,
      input: 'text',
      read: readName,
    },
    {
      ...one,
      name: 'signInEndpoint',
      label: { en: 'Sign-in address, by hand', ja: 'サインイン用アドレス（手入力）' },
      hint: hints.byHand,
      input: 'address',
      read: readAddress,
    },
    {
      ...one,
      name: 'x509Certificate',
      label: { en: 'Signing certificate, by hand', ja: '署名用の証明書（手入力）' },
      hint: hints.byHand,
      input: 'lines',
      read: readCertificate,
    },
    attribute('idAttribute', LOGTO_ATTRIBUTES.id, {
      en: 'Attribute of the person’s ID, which never changes',
      ja: 'ユーザー ID の属性（変わらないもの）',
    }),
    attribute('emailAttribute', hints.attributes.email, {
      en: 'Attribute of the email address',
      ja: 'メールアドレスの属性',
    }),
    attribute('nameAttribute', hints.attributes.name, {
      en: 'Attribute of the name',
      ja: '名前の属性',
    }),
  ]
}

const attribute = (name: FieldName, preset: string, label: InEachLanguage): Field => ({
  name,
  label,
  hint: {
    en: `As the provider names it in its assertions. Default: ${preset}.`,
    ja: `プロバイダーがアサーションで使う名前です。既定値：${preset}`,
  },
  input: 'text',
  required: false,
  preset,
  read: readName,
})

const byHand = ['entityId', 'signInEndpoint', 'x509Certificate'] as const

/** Metadata comes in exactly one way: Logto would take the first, and say nothing of the others. */
export function samlFaults(values: Values): FieldFault[] {
  const given = byHand.filter((name) => values[name])
  const ways = [values.metadataUrl, values.metadata, given.length > 0].filter(Boolean)
  if (ways.length === 0) return [{ field: 'metadataUrl', ...noMetadata }]
  if (ways.length > 1) return [{ field: values.metadataUrl ? 'metadataUrl' : 'metadata', ...severalWays }]
  if (given.length === 0) return []
  return byHand.filter((name) => !values[name]).map((field) => ({ field, ...halfByHand }))
}

const noMetadata = {
  problem: { en: 'is not entered, nor the metadata itself', ja: 'もメタデータ自体も入力されていません' },
  fix: {
    en: 'enter the address of the metadata; or paste the XML; or enter entity ID, sign-in address and certificate',
    ja: 'メタデータのアドレスを入力するか、XML を貼り付けるか、Entity ID、サインイン用アドレス、証明書の 3 つを入力してください',
  },
}

const severalWays = {
  problem: { en: 'is entered beside other metadata', ja: 'のほかにも、メタデータが入力されています' },
  fix: {
    en: 'leave one way: the address, or the XML, or the three values by hand',
    ja: 'アドレス、XML、手入力の 3 つの値のうち、どれか 1 つだけにしてください',
  },
}

const halfByHand = {
  problem: { en: 'is missing beside the other values by hand', ja: 'が、手入力の値のうち足りません' },
  fix: {
    en: 'enter all three by hand, or the metadata in their place',
    ja: '3 つの値をすべて入力するか、代わりにメタデータを入力してください',
  },
}

/**
 * Makes a connector's config at Logto, of whatever SAML identity provider.
 *
 * @param attributes those that the provider sends unless it is told otherwise
 */
export const samlConfig =
  (attributes: { email: string; name: string }) =>
  (values: Values, current: ConnectorConfig = {}): ConnectorConfig => {
    // Metadata has one way in: what came by another would win, or be stale.
    const { metadataUrl, metadata, entityId, signInEndpoint, x509Certificate, ...others } = current
    const before = { metadataUrl, metadata, entityId, signInEndpoint, x509Certificate }
    const { idAttribute: id, emailAttribute: email, nameAttribute: name, ...entered } = values
    const ways = Object.keys(before).some((way) => way in entered) ? entered : before
    return {
      ...others,
      ...withoutBlanks(ways),
      attributeMapping: {
        ...LOGTO_ATTRIBUTES,
        ...attributes,
        ...current.attributeMapping,
        ...withoutBlanks({ id, email, name }),
      },
    }
  }

const withoutBlanks = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value ? [[key, value]] : [])))
