import type { Provider } from './provider.ts'
import { samlConfig, samlFaults, samlFields } from './saml-fields.ts'

/** What Entra calls a person's address and name (learn.microsoft.com, “Customize SAML token claims”). */
const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
const attributes = { email: `${claims}/emailaddress`, name: `${claims}/name` }

/**
 * Entra's own words: learn.microsoft.com, “Enable SAML single sign-on for an enterprise application” and “Manage users and
 * groups assignment to an application”; docs.logto.io, “Microsoft Entra ID (SAML)” (integrations).
 */
export const entraSaml: Provider = {
  name: 'AzureAD',
  protocol: 'saml',
  label: { en: 'Microsoft Entra ID (SAML)', ja: 'Microsoft Entra ID（SAML）' },
  fields: samlFields({
    metadataUrl: {
      en: 'Single sign-on → SAML Certificates → App Federation Metadata Url. With it a new certificate is taken over by itself.',
      ja: '「シングル サインオン」→「SAML 証明書」→「アプリのフェデレーション メタデータ URL」。これを使うと、証明書が更新されたときに自動で反映されます。',
    },
    metadata: {
      en: 'SAML Certificates → Federation Metadata XML → Download.',
      ja: '「SAML 証明書」→「フェデレーション メタデータ XML」→「ダウンロード」。',
    },
    byHand: {
      en: 'Single sign-on → Set up …: Microsoft Entra Identifier (entity ID) and Login URL (sign-in address); SAML Certificates → Certificate (Base64) → Download.',
      ja: '「シングル サインオン」→「… のセットアップ」の「Microsoft Entra 識別子」（Entity ID）と「ログイン URL」（サインイン用アドレス）。証明書は「SAML 証明書」→「証明書 (Base64)」→「ダウンロード」。',
    },
    attributes,
  }),
  faultsTogether: samlFaults,
  connectorConfig: samlConfig(attributes),
  steps: ({ entityId, assertionConsumerServiceUrl }, appName) => [
    {
      say: {
        en: 'Microsoft Entra admin center (entra.microsoft.com), as a Cloud Application Administrator: Entra ID (older: Identity → Applications) → Enterprise apps → New application → Create your own application. Choose “Integrate any other application you don’t find in the gallery (Non-gallery)”, then Create.',
        ja: 'Microsoft Entra 管理センター（entra.microsoft.com）に「クラウド アプリケーション管理者」以上でサインインし、Entra ID（以前は「ID」→「アプリケーション」）→「エンタープライズ アプリ」→「新しいアプリケーション」→「独自のアプリケーションの作成」。「ギャラリーに見つからないその他のアプリケーションを統合します (ギャラリー以外)」を選び、「作成」を押します。',
      },
      enter: [
        {
          field: { en: 'What’s the name of your app?', ja: 'お使いのアプリの名前は何ですか?' },
          value: appName,
        },
      ],
    },
    {
      say: {
        en: 'Single sign-on → SAML → Basic SAML Configuration → Edit, then Save.',
        ja: '「シングル サインオン」→「SAML」→「基本的な SAML 構成」→「編集」。入力したら「保存」を押します。',
      },
      enter: [
        { field: { en: 'Identifier (Entity ID)', ja: '識別子 (エンティティ ID)' }, value: entityId },
        {
          field: {
            en: 'Reply URL (Assertion Consumer Service URL)',
            ja: '応答 URL (Assertion Consumer Service URL)',
          },
          value: assertionConsumerServiceUrl,
        },
      ],
    },
    {
      say: {
        en: 'Attributes & Claims → Edit: let Unique User Identifier (Name ID) be something that never changes, such as user.objectid, and leave the claim emailaddress at user.mail.',
        ja: '「属性とクレーム」→「編集」：「一意のユーザー識別子 (名前 ID)」は user.objectid など、変わらない値にします。クレーム emailaddress は user.mail のままにします。',
      },
      enter: [],
    },
    {
      say: {
        en: 'SAML Certificates: copy App Federation Metadata Url.',
        ja: '「SAML 証明書」で「アプリのフェデレーション メタデータ URL」をコピーします。',
      },
      enter: [],
    },
    {
      say: {
        en: 'Users and groups → Add user/group: assign the people who may use the app.',
        ja: '「ユーザーとグループ」→「ユーザーまたはグループの追加」で、アプリを使えるユーザーを割り当てます。',
      },
      enter: [],
    },
  ],
}
