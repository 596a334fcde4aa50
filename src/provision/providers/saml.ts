import type { Provider } from './provider.ts'
import { LOGTO_ATTRIBUTES, samlConfig, samlFaults, samlFields } from './saml-fields.ts'

/**
 * Any SAML 2.0 identity provider. What two consoles call the fields: help.okta.com, “Create SAML app integrations”;
 * support.google.com/a, “Set up your own custom SAML app” (6087519).
 */
export const saml: Provider = {
  name: 'SAML',
  protocol: 'saml',
  label: { en: 'another SAML 2.0 provider', ja: 'その他の SAML 2.0 プロバイダー' },
  fields: samlFields({
    metadataUrl: {
      en: 'The address of the provider’s metadata; in Okta: the application’s page → Sign On → Metadata URL.',
      ja: 'プロバイダーのメタデータのアドレスです。Okta では、アプリケーションのページ → Sign On → Metadata URL。',
    },
    metadata: {
      en: 'The content of the metadata file; in Google’s Admin console: Download metadata.',
      ja: 'メタデータファイルの内容です。Google 管理コンソールでは「メタデータをダウンロード」。',
    },
    byHand: {
      en: 'The three values, as the console shows them; in Google’s Admin console: Entity ID, SSO URL and Certificate.',
      ja: 'コンソールに表示される 3 つの値です。Google 管理コンソールでは「エンティティ ID」「SSO の URL」「証明書」。',
    },
    attributes: LOGTO_ATTRIBUTES,
  }),
  faultsTogether: samlFaults,
  connectorConfig: samlConfig(LOGTO_ATTRIBUTES),
  steps: ({ entityId, assertionConsumerServiceUrl }, appName) => [
    {
      say: {
        en: 'Create a SAML 2.0 application. In Okta: Applications → Create App Integration → SAML 2.0. In Google’s Admin console: Apps → Web and mobile apps → Add app → Add custom SAML app.',
        ja: 'SAML 2.0 のアプリケーションを作ります。Okta では Applications → Create App Integration → SAML 2.0。Google 管理コンソールでは「アプリ」→「ウェブアプリとモバイルアプリ」→「アプリを追加」→「カスタム SAML アプリの追加」。',
      },
      enter: [
        { field: { en: 'Name', ja: '名前' }, value: appName },
        {
          field: {
            en: 'ACS URL (Okta: Single sign-on URL)',
            ja: 'ACS の URL（Okta では Single sign-on URL）',
          },
          value: assertionConsumerServiceUrl,
        },
        {
          field: {
            en: 'Entity ID of the service provider (Okta: Audience URI (SP Entity ID))',
            ja: 'サービスプロバイダーのエンティティ ID（Okta では Audience URI (SP Entity ID)）',
          },
          value: entityId,
        },
        {
          field: { en: 'Name ID format', ja: 'Name ID の形式（Name ID format）' },
          value: {
            en: 'Persistent, with a value that never changes; EmailAddress only where addresses never change',
            ja: 'Persistent（変わらない値）。アドレスが決して変わらない場合に限り EmailAddress',
          },
        },
      ],
    },
    {
      say: {
        en: 'Let its assertions hold these attributes (Okta: Attribute Statements; Google: Attribute mapping), and be signed.',
        ja: 'アサーションに次の属性を含め（Okta では Attribute Statements、Google では「属性のマッピング」）、署名を付けます。',
      },
      enter: [
        {
          field: { en: LOGTO_ATTRIBUTES.email, ja: LOGTO_ATTRIBUTES.email },
          value: {
            en: 'the email address (Okta: user.email; Google: Primary email)',
            ja: 'メールアドレス（Okta では user.email、Google では Primary email）',
          },
        },
        {
          field: { en: LOGTO_ATTRIBUTES.name, ja: LOGTO_ATTRIBUTES.name },
          value: {
            en: 'the name (Okta: user.displayName)',
            ja: '名前（Okta では user.displayName）',
          },
        },
      ],
    },
    {
      say: {
        en: 'Assign the people who may use the app, and copy the address of the metadata, or download the file.',
        ja: 'アプリを使えるユーザーを割り当て、メタデータのアドレスをコピーするか、ファイルをダウンロードします。',
      },
      enter: [],
    },
  ],
}
