import { inEach } from '../../words/phrase.ts'
import { openIdConfig, openIdFields } from './openid.ts'
import type { Provider } from './provider.ts'

/**
 * Okta's own words: help.okta.com, “Create OpenID Connect app integrations”; developer.okta.com, “Authorization servers”
 * (an issuer is the org's address, or a custom authorization server's below `/oauth2`).
 */
export const okta = {
  name: 'Okta',
  protocol: 'oidc',
  label: { en: 'Okta', ja: 'Okta' },
  fields: openIdFields({
    issuer: {
      hint: {
        en: 'The address of your Okta org, such as https://company.okta.com: the Admin Console shows it below your name, at the top right.',
        ja: 'Okta org のアドレス（例：https://company.okta.com）です。Admin Console の右上、自分の名前の下に表示されます。',
      },
      read(issuer) {
        const { hostname, protocol } = new URL(issuer)
        if (!/-admin\.(okta|oktapreview|okta-emea)\.com$/.test(hostname)) return issuer
        const meant = `${protocol}//${hostname.replace('-admin.', '.')}`
        return {
          problem: {
            en: 'is the address of the Admin Console',
            ja: 'が Admin Console のアドレスになっています',
          },
          fix: { en: `write ${meant}`, ja: `${meant} と書いてください` },
        }
      },
    },
    clientId: {
      hint: {
        en: 'The application’s page → General → Client Credentials → Client ID.',
        ja: 'アプリケーションのページ → General → Client Credentials → Client ID。',
      },
    },
    clientSecret: {
      hint: {
        en: 'The same page → CLIENT SECRETS → Copy to clipboard.',
        ja: '同じページ → CLIENT SECRETS → Copy to clipboard。',
      },
    },
  }),
  faultsTogether: () => [],
  connectorConfig: openIdConfig,
  steps: ({ redirectUri }, appName) => [
    {
      say: {
        en: 'Okta Admin Console → Applications → Applications → Create App Integration. Choose “OIDC - OpenID Connect” and “Web Application”, then Next.',
        ja: 'Okta Admin Console → Applications → Applications → Create App Integration。「OIDC - OpenID Connect」と「Web Application」を選び、Next へ進みます。',
      },
      enter: [
        { field: { en: 'App integration name', ja: 'App integration name' }, value: appName },
        { field: { en: 'Grant type', ja: 'Grant type' }, value: inEach('Authorization Code') },
        { field: { en: 'Sign-in redirect URIs', ja: 'Sign-in redirect URIs' }, value: redirectUri },
      ],
    },
    {
      say: {
        en: 'Under Assignments, choose who may use the app, then Save.',
        ja: 'Assignments で、アプリを使えるユーザーを選び、Save を押します。',
      },
      enter: [],
    },
    {
      say: {
        en: 'On the page that opens, General → Client Credentials → Edit: leave “Require PKCE as additional verification” clear, for no code challenge is sent. Copy Client ID and the client secret.',
        ja: '開いたページの General → Client Credentials → Edit で、「Require PKCE as additional verification」のチェックを外しておきます（code challenge は送られません）。Client ID とクライアントシークレットをコピーします。',
      },
      enter: [],
    },
  ],
  // help.okta.com, “Configure Universal Logout for generic SAML and OIDC apps”: in orgs with Identity Engine.
  leaving: (logoutUrl, appName) => ({
    say: {
      en: `Applications → ${appName} → Authentication (older: Sign On) → Logout → Edit`,
      ja: `Applications → ${appName} → Authentication（以前の画面では Sign On）→ Logout → Edit`,
    },
    enter: [
      {
        field: inEach('Okta system or admin initiates logout'),
        value: { en: 'ticked', ja: 'チェックを入れる' },
      },
      { field: inEach('Logout endpoint URL'), value: logoutUrl },
      { field: inEach('Endpoint authentication type'), value: inEach('Signed JWT') },
      { field: inEach('Subject format'), value: inEach('Issuer and Subject Identifier') },
    ],
  }),
} satisfies Provider
