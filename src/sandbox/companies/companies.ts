import type { Provider } from '../../settings/companies/providers.ts'
import type { Account } from '../company.ts'
import type { Brand } from '../shared/pages/look.ts'
import { words } from '../shared/pages/page-words.ts'

/** A company beside the first one, whose provider is another kind. */
interface Profile {
  look: Exclude<Brand, 'logto' | 'okta'>
  name: string
  domain: string
  provider: Exclude<Provider, 'Okta'>
  employee: { givenName: string; familyName: string }
}

export const COMPANIES: readonly Profile[] = [
  {
    ...{ look: 'entra', name: 'Vandelay', domain: 'vandelay.example', provider: 'AzureAdOidc' },
    employee: { givenName: 'Elena', familyName: 'Vance' },
  },
  {
    ...{ look: 'openid', name: 'Hooli', domain: 'hooli.example', provider: 'OIDC' },
    employee: { givenName: 'Haruto', familyName: 'Mori' },
  },
  {
    ...{ look: 'saml', name: 'Soylent', domain: 'soylent.example', provider: 'SAML' },
    employee: { givenName: 'Sofia', familyName: 'Lund' },
  },
]

/** Whom one can sign in as at a company, and what happens then. */
export const accountOf = ({ look, domain }: Profile): Account => {
  const key = `accounts.${look}`
  return { email: `employee@${domain}`, shows: { en: words.en(key), ja: words.ja(key) } }
}
