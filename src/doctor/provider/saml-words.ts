import type { NetworkFault } from '../../http-client/network-fault.ts'
import type { ConnectorAddresses, FieldName } from '../../provision/providers/provider.ts'
import { type Text, textIn } from '../../words/phrase.ts'
import type { ProviderFinding } from './finding.ts'

/** What is wrong with a SAML identity provider's values, and what is to be known of them. */

/** @param status of the answer, where somebody was asked */
export const noMetadata = (field: FieldName, status?: number): ProviderFinding => ({
  field,
  isBroken: true,
  problem: {
    en: `${status ? `answered ${status}, and not with` : 'is not'} the metadata of an identity provider`,
    ja: status
      ? `の応答（${status}）は、アイデンティティプロバイダーのメタデータではありません`
      : 'がアイデンティティプロバイダーのメタデータではありません',
  },
  fix: {
    en: 'copy the address of the metadata from the console, and open it in a browser: it shows XML with an <IDPSSODescriptor>',
    ja: 'コンソールからメタデータのアドレスをコピーし、ブラウザーで開いてみてください。<IDPSSODescriptor> を含む XML が表示されるはずです',
  },
})

export const noCertificate = (field: FieldName): ProviderFinding => ({
  field,
  isBroken: true,
  problem: {
    en: 'holds no signing certificate that can be read',
    ja: 'に、読み取れる署名用の証明書がありません',
  },
  fix: {
    en: 'make a signing certificate at the provider, and activate it',
    ja: 'プロバイダーで署名用の証明書を作り、有効にしてください',
  },
})

const day = (time: number) => new Date(time).toISOString().slice(0, 10)

const renew = {
  en: 'make a new signing certificate at the provider and activate it; where the metadata was entered as a file or by hand, enter it anew',
  ja: 'プロバイダーで新しい署名用の証明書を作って有効にしてください。メタデータをファイルや手入力で登録した場合は、登録し直してください',
}

export const certificateOver = (field: FieldName, end: number): ProviderFinding => ({
  field,
  isBroken: true,
  problem: {
    en: `has a signing certificate that ended on ${day(end)}`,
    ja: `の署名用の証明書は ${day(end)} に期限が切れました`,
  },
  fix: renew,
})

export const certificateSoonOver = (field: FieldName, end: number): ProviderFinding => ({
  field,
  isBroken: false,
  problem: {
    en: `has a signing certificate that ends on ${day(end)}: nobody can sign in after that day`,
    ja: `の署名用の証明書は ${day(end)} に期限が切れます。その日を過ぎると、誰もサインインできません`,
  },
  fix: renew,
})

export const noRedirectBinding = (field: FieldName): ProviderFinding => ({
  field,
  isBroken: true,
  problem: {
    en: 'has no sign-in address for HTTP-Redirect, which is how Logto sends people there',
    ja: 'に HTTP-Redirect 用のサインインアドレスがありません。Logto はこの方法でユーザーを送ります',
  },
  fix: {
    en: 'switch HTTP-Redirect on for single sign-on at the provider',
    ja: 'プロバイダーで、シングルサインオンの HTTP-Redirect バインディングを有効にしてください',
  },
})

export const endpointSilent = (field: FieldName, { words }: NetworkFault): ProviderFinding => ({
  field,
  isBroken: false,
  problem: {
    en: `has a sign-in address that cannot be reached from here: ${textIn(words, 'en')}`,
    ja: `のサインインアドレスにここから接続できません：${textIn(words, 'ja')}`,
  },
  fix: {
    en: 'see that the browsers of your people reach it',
    ja: 'ユーザーのブラウザーからは接続できることを確かめてください',
  },
})

export const notRegistered = (
  { entityId, assertionConsumerServiceUrl }: ConnectorAddresses,
  answer: Text,
): ProviderFinding => ({
  isBroken: true,
  problem: {
    en: `The provider refuses the request of ${entityId}: ${textIn(answer, 'en')}.`,
    ja: `プロバイダーが ${entityId} からのリクエストを拒否しました：${textIn(answer, 'ja')}。`,
  },
  fix: {
    en: `Enter there the entity ID ${entityId} and the ACS URL ${assertionConsumerServiceUrl}, to the letter.`,
    ja: `プロバイダーに、エンティティ ID ${entityId} と ACS の URL ${assertionConsumerServiceUrl} を一字一句そのまま入力してください。`,
  },
})
