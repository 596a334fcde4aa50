import { inEach } from '../../words/phrase.ts'
import { readCredential } from './checks.ts'
import { openIdConfig, openIdFields } from './openid.ts'
import type { Fault, Provider } from './provider.ts'

/** Whose people an issuer of Entra's lets in that names no tenant: everybody's who has one. */
export const isOfEveryTenant = (issuer: string): boolean =>
  /\/(common|organizations|consumers)(\/v2\.0)?$/.test(issuer)

/** Entra's hosts: of the public cloud, and of the national ones (learn.microsoft.com, “National clouds”). */
const hosts = /^(login\.microsoftonline\.(com|us)|login\.partner\.microsoftonline\.cn|sts\.windows\.net)$/

/** Whoever has a tenant could sign in as anybody. */
export const everyTenantTrusted: Fault = {
  problem: {
    en: 'trusts the administrators of every Entra tenant there is: each can write any address into an account of theirs',
    ja: 'がオンだと、世界中のすべての Entra テナントの管理者を信頼することになります。管理者は、自分のテナントのアカウントにどんなアドレスでも書き込めます',
  },
  fix: {
    en: 'name your own tenant in the issuer, https://login.microsoftonline.com/<Directory (tenant) ID>/v2.0, or leave this off',
    ja: 'issuer に自社のテナントを指定するか（https://login.microsoftonline.com/<ディレクトリ (テナント) ID>/v2.0）、これをオフにしてください',
  },
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/**
 * Entra's own words: learn.microsoft.com, “Register an application in Microsoft Entra ID”, “Add credentials to your
 * application” and “OpenID Connect on the Microsoft identity platform”; that an address is nobody's proof: “ID token claims
 * reference” (`email`).
 */
export const entraOidc: Provider = {
  name: 'AzureAdOidc',
  protocol: 'oidc',
  label: { en: 'Microsoft Entra ID (OpenID Connect)', ja: 'Microsoft Entra ID（OpenID Connect）' },
  fields: openIdFields({
    issuer: {
      hint: {
        en: 'The registration’s Overview → Endpoints → OpenID Connect metadata document, without /.well-known/openid-configuration: https://login.microsoftonline.com/<Directory (tenant) ID>/v2.0.',
        ja: 'アプリ登録の「概要」→「エンドポイント」→「OpenID Connect メタデータ ドキュメント」から、/.well-known/openid-configuration を除いたもの：https://login.microsoftonline.com/<ディレクトリ (テナント) ID>/v2.0',
      },
      read(issuer) {
        if (!hosts.test(new URL(issuer).hostname) || issuer.endsWith('/v2.0')) return issuer
        return {
          problem: {
            en: 'is not the address of the v2.0 endpoint',
            ja: 'が v2.0 エンドポイントのアドレスではありません',
          },
          fix: {
            en: 'write https://login.microsoftonline.com/<Directory (tenant) ID>/v2.0',
            ja: 'https://login.microsoftonline.com/<ディレクトリ (テナント) ID>/v2.0 と書いてください',
          },
        }
      },
    },
    clientId: {
      hint: {
        en: 'The registration’s Overview → Application (client) ID.',
        ja: 'アプリ登録の「概要」→「アプリケーション (クライアント) ID」。',
      },
    },
    clientSecret: {
      hint: {
        en: 'Certificates & secrets → Client secrets → the column Value, which is shown only right after the secret is made.',
        ja: '「証明書とシークレット」→「クライアント シークレット」→「値」の列。作成した直後にだけ表示されます。',
      },
      read(text) {
        if (!uuid.test(text)) return readCredential(text)
        return {
          problem: {
            en: 'is the Secret ID and not the secret',
            ja: 'がシークレットではなく「シークレット ID」です',
          },
          fix: {
            en: 'copy the column Value; if it is no longer shown, make a new client secret',
            ja: '「値」の列をコピーしてください。もう表示されない場合は、新しいクライアント シークレットを作ってください',
          },
        }
      },
    },
  }),
  // A tenant's document names it by its ID, whichever name was asked for; those of no tenant have `{tenantid}` in its place.
  isNameOf: (name, issuer) => URL.canParse(name) && new URL(name).origin === new URL(issuer).origin,
  faultsTogether: ({ issuer = '', trustUnverifiedEmail }) =>
    trustUnverifiedEmail === 'true' && isOfEveryTenant(issuer)
      ? [{ field: 'trustUnverifiedEmail', ...everyTenantTrusted }]
      : [],
  connectorConfig: openIdConfig,
  steps: ({ redirectUri }, appName) => [
    {
      say: {
        en: 'Microsoft Entra admin center (entra.microsoft.com), as a Cloud Application Administrator: Entra ID (older: Identity → Applications) → App registrations → New registration.',
        ja: 'Microsoft Entra 管理センター（entra.microsoft.com）に「クラウド アプリケーション管理者」以上でサインインし、Entra ID（以前は「ID」→「アプリケーション」）→「アプリの登録」→「新規登録」。',
      },
      enter: [
        { field: { en: 'Name', ja: '名前' }, value: appName },
        {
          field: { en: 'Supported account types', ja: 'サポートされているアカウントの種類' },
          value: {
            en: 'Accounts in this organizational directory only (Single tenant)',
            ja: 'この組織ディレクトリのみに含まれるアカウント (シングル テナント)',
          },
        },
        {
          field: { en: 'Redirect URI, platform', ja: 'リダイレクト URI のプラットフォーム' },
          value: inEach('Web'),
        },
        { field: { en: 'Redirect URI', ja: 'リダイレクト URI' }, value: redirectUri },
      ],
    },
    {
      say: {
        en: 'Register. On the Overview page copy Application (client) ID, and with Endpoints the OpenID Connect metadata document.',
        ja: '「登録」を押します。「概要」ページで「アプリケーション (クライアント) ID」を、「エンドポイント」で「OpenID Connect メタデータ ドキュメント」をコピーします。',
      },
      enter: [],
    },
    {
      say: {
        en: 'Certificates & secrets → Client secrets → New client secret → Add. Copy its Value at once, and note when it expires (24 months at most): nobody can sign in after that day.',
        ja: '「証明書とシークレット」→「クライアント シークレット」→「新しいクライアント シークレット」→「追加」。「値」をすぐにコピーし、有効期限（最長 24 か月）を控えておきます。その日を過ぎると、誰もサインインできません。',
      },
      enter: [],
    },
    {
      say: {
        en: 'Entra ID → Enterprise apps → the app → Users and groups: assign people, if Properties → Assignment required? is Yes. See that their accounts have an Email, which the token takes its address from.',
        ja: 'Entra ID →「エンタープライズ アプリ」→ アプリ →「ユーザーとグループ」：「プロパティ」の「割り当てが必要ですか?」が「はい」の場合は、ユーザーを割り当てます。各アカウントに「メール」が設定されていることも確認してください。トークンのアドレスはそこから取られます。',
      },
      enter: [],
    },
  ],
}
