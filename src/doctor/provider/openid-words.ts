import { type Text, textIn } from '../../words/phrase.ts'
import type { Verdict } from '../steps/okta-verdict.ts'
import type { ProviderFinding } from './finding.ts'

/** What is wrong with an OpenID provider's values, and what is to be known of them. */

export const noDocument = (issuer: string, status: number): ProviderFinding => ({
  field: 'issuer',
  isBroken: true,
  problem: {
    en: `has no discovery document: ${issuer}/.well-known/openid-configuration answered ${status}`,
    ja: `にディスカバリードキュメントがありません：${issuer}/.well-known/openid-configuration の応答は ${status} でした`,
  },
  fix: {
    en: 'copy what stands before /.well-known/openid-configuration in the address that the console shows',
    ja: 'コンソールに表示されるアドレスのうち、/.well-known/openid-configuration より前の部分をコピーしてください',
  },
})

export const anotherName = (name: string): ProviderFinding => ({
  field: 'issuer',
  isBroken: true,
  problem: { en: `calls itself ${name}`, ja: `は自分を ${name} と名乗っています` },
  fix: {
    en: `write ${name}, if that is the provider you mean`,
    ja: `それが目的のプロバイダーであれば、${name} と書いてください`,
  },
})

export const halfDocument = (lacking: readonly string[]): ProviderFinding => ({
  field: 'issuer',
  isBroken: true,
  problem: {
    en: `has a discovery document without ${lacking.join(', ')}`,
    ja: `のディスカバリードキュメントに ${lacking.join('、')} がありません`,
  },
  fix: {
    en: 'enter the issuer of a provider for OpenID Connect',
    ja: 'OpenID Connect のプロバイダーの issuer を入力してください',
  },
})

export const everyTenant: ProviderFinding = {
  field: 'issuer',
  isBroken: false,
  problem: {
    en: 'is that of every Entra tenant: people of any organization can come through it',
    ja: 'がすべての Entra テナント共通のものです。どの組織のユーザーもここからサインインできます',
  },
  fix: {
    en: 'write https://login.microsoftonline.com/<Directory (tenant) ID>/v2.0, so that only your people can',
    ja: '自社のユーザーだけに限るには、https://login.microsoftonline.com/<ディレクトリ (テナント) ID>/v2.0 と書いてください',
  },
}

export const unknownScopes = (scopes: readonly string[]): ProviderFinding => ({
  field: 'scope',
  isBroken: false,
  problem: {
    en: `names scopes that the provider does not list: ${scopes.join(' ')}`,
    ja: `に、プロバイダーの一覧にないスコープがあります：${scopes.join(' ')}`,
  },
  fix: {
    en: 'leave them out, or add them at the provider',
    ja: '取り除くか、プロバイダーに追加してください',
  },
})

export const trusted: ProviderFinding = {
  field: 'trustUnverifiedEmail',
  isBroken: false,
  problem: {
    en: 'is on: whoever can write an address of somebody else into their account at the provider signs in as that person',
    ja: 'がオンです。プロバイダーの自分のアカウントに他人のアドレスを書き込める人は、その人としてサインインできます',
  },
  fix: {
    en: 'leave it on only if administrators alone change addresses there',
    ja: 'アドレスを変更できるのが管理者だけの場合に限り、オンのままにしてください',
  },
}

export const unverified: ProviderFinding = {
  field: 'trustUnverifiedEmail',
  isBroken: false,
  problem: {
    en: 'is off, and the provider does not say that addresses are verified (email_verified): people sign in, and their accounts have no email address',
    ja: 'がオフで、プロバイダーはアドレスが確認済みかどうか（email_verified）を返しません。サインインはできますが、アカウントにメールアドレスが付きません',
  },
  fix: {
    en: 'switch it on, if your administrators give out every address there and nobody can change their own',
    ja: 'アドレスをすべて管理者が割り当て、本人は変更できない場合は、オンにしてください',
  },
}

export const unknownClient: ProviderFinding = {
  field: 'clientId',
  isBroken: true,
  problem: {
    en: 'is of no client that the provider knows',
    ja: 'のクライアントは、プロバイダーに登録されていません',
  },
  fix: {
    en: 'copy it anew, and see that the application is active and of this issuer',
    ja: 'もう一度コピーし、アプリケーションが有効で、この issuer のものであることを確かめてください',
  },
}

export const wrongSecret: ProviderFinding = {
  field: 'clientSecret',
  isBroken: true,
  problem: {
    en: 'is not taken: it is another client’s, or has expired',
    ja: 'が拒否されました。別のクライアントのものか、期限切れです',
  },
  fix: {
    en: 'copy the secret itself, not its ID; if it is no longer shown, make a new one',
    ja: 'シークレットの ID ではなく、シークレットそのものをコピーしてください。もう表示されない場合は、新しく作ってください',
  },
}

export const notRegistered = (redirectUri: string): ProviderFinding => ({
  isBroken: true,
  problem: {
    en: `The provider may not send people back to ${redirectUri}: it is not registered there to the letter.`,
    ja: `プロバイダーは ${redirectUri} へユーザーを戻せません。一字一句同じものが登録されていません。`,
  },
  fix: {
    en: `Add ${redirectUri} as a redirect URI.`,
    ja: `リダイレクト URI に ${redirectUri} を追加してください。`,
  },
})

export const scopeRefused = (answer: Text): ProviderFinding => ({
  field: 'scope',
  isBroken: true,
  problem: { en: `is refused: ${textIn(answer, 'en')}`, ja: `が拒否されました：${textIn(answer, 'ja')}` },
  fix: {
    en: 'leave out what nobody asked you for; openid, profile and email have to be allowed',
    ja: '指定のないスコープは取り除いてください。openid、profile、email は許可されている必要があります',
  },
})

/** What a provider's answer to the authorization request tells; nothing where it is accepted, or says neither. */
export function refusal(
  verdict: Verdict,
  { redirectUri, answer }: { redirectUri: string; answer: Text },
): ProviderFinding | undefined {
  switch (verdict) {
    case 'client':
      return unknownClient
    case 'redirect':
      return notRegistered(redirectUri)
    case 'scope':
      return scopeRefused(answer)
    case 'pkce':
    case 'response-type':
      return {
        isBroken: true,
        problem: {
          en:
            verdict === 'pkce'
              ? 'The provider requires PKCE of this client, and Logto sends no code challenge.'
              : 'The client may not use the authorization code flow.',
          ja:
            verdict === 'pkce'
              ? 'プロバイダーがこのクライアントに PKCE を要求していますが、Logto は code challenge を送りません。'
              : 'このクライアントは認可コードフローを使えません。',
        },
        fix: {
          en:
            verdict === 'pkce'
              ? 'Switch it off for this client.'
              : 'Allow authorization_code, with response type code.',
          ja:
            verdict === 'pkce'
              ? 'このクライアントでは PKCE の要求をオフにしてください。'
              : 'authorization_code（response type は code）を許可してください。',
        },
      }
    default:
      return undefined
  }
}
