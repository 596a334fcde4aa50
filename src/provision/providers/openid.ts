import { readCredential, readIssuer, readScope, readSwitch } from './checks.ts'
import type { ConnectorConfig, Fault, Field, Values } from './provider.ts'

/** The scopes that Logto's connectors ask for in any case. */
export const BASE_SCOPES = ['openid', 'profile', 'email']

/** An issuer's place in the console, and what is to be said of an issuer that is one. */
type IssuerField = Pick<Field, 'hint'> & { read?: (issuer: string) => string | Fault }

/** What an OpenID Connect provider is asked for, with where it stands in its console. */
export function openIdFields({
  issuer,
  clientId,
  clientSecret,
}: {
  issuer?: IssuerField
  clientId: Pick<Field, 'hint'> & Partial<Pick<Field, 'read'>>
  clientSecret: Pick<Field, 'hint'> & Partial<Pick<Field, 'read'>>
}): Field[] {
  return [
    ...(issuer ? [issuerField(issuer)] : []),
    {
      name: 'clientId',
      label: { en: 'Client ID', ja: 'クライアント ID' },
      input: 'text',
      required: true,
      read: readCredential,
      ...clientId,
    },
    {
      name: 'clientSecret',
      label: { en: 'Client secret', ja: 'クライアントシークレット' },
      input: 'secret',
      required: true,
      read: readCredential,
      ...clientSecret,
    },
    {
      name: 'scope',
      label: { en: 'Further scopes', ja: '追加のスコープ' },
      hint: {
        en: 'What to ask for beside openid profile email. Leave it empty if nobody asked you for it.',
        ja: 'openid profile email のほかに要求するスコープです。指定がなければ空のままにしてください。',
      },
      input: 'text',
      required: false,
      read: readScope,
    },
    {
      name: 'trustUnverifiedEmail',
      label: { en: 'Trust unverified email', ja: '未確認のメールアドレスを信頼する' },
      hint: {
        en: 'Without it an address counts only where the provider says email_verified. Switch it on only if your administrators give out every address of this provider: whoever can choose their own address there can sign in as somebody else.',
        ja: 'オフの場合、プロバイダーが email_verified を返したアドレスだけが有効です。このプロバイダーのアドレスをすべて管理者が割り当てている場合に限り、オンにしてください。自分でアドレスを変更できるユーザーがいると、他人としてサインインできてしまいます。',
      },
      input: 'switch',
      required: false,
      preset: 'false',
      read: readSwitch,
    },
  ]
}

const issuerField = ({ hint, read: readFurther = (issuer) => issuer }: IssuerField): Field => ({
  name: 'issuer',
  label: { en: 'Issuer', ja: 'Issuer（発行者）' },
  hint,
  input: 'address',
  required: true,
  read(text) {
    const issuer = readIssuer(text)
    return typeof issuer === 'string' ? readFurther(issuer) : issuer
  },
})

/** A connector's config at Logto, of whatever OpenID Connect provider. */
export const openIdConfig = (values: Values, current: ConnectorConfig = {}): ConnectorConfig => ({
  ...current,
  ...(values.issuer && { issuer: values.issuer }),
  ...(values.clientId && { clientId: values.clientId }),
  ...(values.clientSecret && { clientSecret: values.clientSecret }),
  scope: [...new Set([...scopesIn(current.scope), ...BASE_SCOPES, ...scopesIn(values.scope)])].join(' '),
  trustUnverifiedEmail: values.trustUnverifiedEmail
    ? values.trustUnverifiedEmail === 'true'
    : (current.trustUnverifiedEmail ?? false),
})

/** Logto takes blanks and `+` between scopes. */
export const scopesIn = (scope = ''): string[] => scope.split(/[\s+]+/).filter(Boolean)
