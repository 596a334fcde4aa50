import { readCredential } from './checks.ts'
import { openIdConfig, openIdFields } from './openid.ts'
import type { Provider } from './provider.ts'

/**
 * Google's own words: support.google.com/cloud, “Get started with the Google Auth Platform” (15544987), “Manage OAuth
 * Clients” (15549257) and “Manage App Audience” (15549945); docs.logto.io, “Google Workspace” (integrations).
 */
export const googleWorkspace: Provider = {
  name: 'GoogleWorkspace',
  protocol: 'oidc',
  label: { en: 'Google Workspace', ja: 'Google Workspace' },
  fields: openIdFields({
    clientId: {
      hint: {
        en: 'Google Auth Platform → Clients → the client → Client ID; it ends in .apps.googleusercontent.com.',
        ja: 'Google Auth Platform → クライアント → 作成したクライアント → クライアント ID（末尾は .apps.googleusercontent.com）。',
      },
      read(text) {
        const value = readCredential(text)
        if (typeof value !== 'string' || value.endsWith('.apps.googleusercontent.com')) return value
        return {
          problem: { en: 'is no client ID of Google’s', ja: 'が Google のクライアント ID ではありません' },
          fix: {
            en: 'copy “Client ID”, which ends in .apps.googleusercontent.com',
            ja: '末尾が .apps.googleusercontent.com の「クライアント ID」をコピーしてください',
          },
        }
      },
    },
    clientSecret: {
      hint: {
        en: 'Shown once, when the client is created. Later only a new one can be made, on the client’s page → Client secrets → Add secret.',
        ja: 'クライアントの作成時に一度だけ表示されます。後からは、クライアントのページで新しいシークレットを追加する方法しかありません。',
      },
    },
  }),
  faultsTogether: () => [],
  connectorConfig: openIdConfig,
  steps: ({ redirectUri }, appName) => [
    {
      say: {
        en: 'Google Cloud console (console.cloud.google.com), in a project of your company’s organization: Google Auth Platform → Get started. As Audience choose Internal: then only people of your Workspace can sign in.',
        ja: 'Google Cloud コンソール（console.cloud.google.com）で、会社の組織に属するプロジェクトを選び、Google Auth Platform → 開始。「対象」（Audience）では「内部」（Internal）を選びます。これで、自社の Workspace のユーザーだけがサインインできます。',
      },
      enter: [{ field: { en: 'App name', ja: 'アプリ名（App name）' }, value: appName }],
    },
    {
      say: {
        en: 'Google Auth Platform → Clients → Create client.',
        ja: 'Google Auth Platform → クライアント（Clients）→ クライアントを作成（Create client）。',
      },
      enter: [
        {
          field: { en: 'Application type', ja: 'アプリケーションの種類（Application type）' },
          value: { en: 'Web application', ja: 'ウェブ アプリケーション（Web application）' },
        },
        { field: { en: 'Name', ja: '名前（Name）' }, value: appName },
        {
          field: {
            en: 'Authorized redirect URIs',
            ja: '承認済みのリダイレクト URI（Authorized redirect URIs）',
          },
          value: redirectUri,
        },
      ],
    },
    {
      say: {
        en: 'Create, and copy Client ID and Client secret at once: the secret is not shown again.',
        ja: '作成（Create）を押し、クライアント ID とクライアント シークレットをすぐにコピーします。シークレットは二度と表示されません。',
      },
      enter: [],
    },
  ],
}
