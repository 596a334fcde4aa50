import { openIdConfig, openIdFields } from './openid.ts'
import type { Provider } from './provider.ts'

/** Any OpenID provider. The fields are those of the standard (OpenID Connect Discovery 1.0 §3, Dynamic Client Registration 1.0 §2). */
export const oidc: Provider = {
  name: 'OIDC',
  protocol: 'oidc',
  label: { en: 'another OpenID Connect provider', ja: 'その他の OpenID Connect プロバイダー' },
  fields: openIdFields({
    issuer: {
      hint: {
        en: 'What stands before /.well-known/openid-configuration in the address of the provider’s discovery document.',
        ja: 'プロバイダーのディスカバリードキュメントのアドレスのうち、/.well-known/openid-configuration より前の部分です。',
      },
    },
    clientId: {
      hint: { en: 'The ID of the client that you register.', ja: '登録したクライアントの ID です。' },
    },
    clientSecret: {
      hint: { en: 'The secret of the same client.', ja: '同じクライアントのシークレットです。' },
    },
  }),
  faultsTogether: () => [],
  connectorConfig: openIdConfig,
  steps: ({ redirectUri }, appName) => [
    {
      say: {
        en: 'Register a confidential client (a web application with a client secret) for the authorization code flow.',
        ja: '認可コードフロー用のコンフィデンシャルクライアント（クライアントシークレットを持つ Web アプリケーション）を登録します。',
      },
      enter: [
        { field: { en: 'Name', ja: '名前' }, value: appName },
        {
          field: { en: 'Redirect URI, to the letter', ja: 'リダイレクト URI（一字一句そのまま）' },
          value: redirectUri,
        },
        {
          field: { en: 'Grant type', ja: 'グラントタイプ' },
          value: 'authorization_code',
        },
        {
          field: { en: 'Client authentication', ja: 'クライアント認証' },
          value: 'client_secret_basic',
        },
        { field: { en: 'Scopes', ja: 'スコープ' }, value: 'openid profile email' },
      ],
    },
    {
      say: {
        en: 'Do not require PKCE: Logto sends no code challenge. Let the ID token or userinfo hold email and email_verified.',
        ja: 'PKCE は必須にしないでください（Logto は code challenge を送りません）。ID トークンか userinfo に email と email_verified を含めます。',
      },
      enter: [],
    },
    {
      say: {
        en: 'Allow the people of the company to use it, and copy the client ID and the client secret.',
        ja: '会社のユーザーに利用を許可し、クライアント ID とクライアントシークレットをコピーします。',
      },
      enter: [],
    },
  ],
}
