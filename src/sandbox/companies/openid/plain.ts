import { nameOf } from '../directory.ts'
import type { Flavour } from './flavour.ts'

/** As the standard has it, and no more: OpenID Connect Core 1.0 §5.4, Discovery 1.0 §3. */
export const plain = (url: string): Flavour => ({
  issuer: url,
  address: url,
  routes: {},
  claimsByScope: {
    openid: ['sub'],
    profile: ['name', 'given_name', 'family_name', 'preferred_username'],
    email: ['email', 'email_verified'],
  },
  claimsOf: (person) => ({
    sub: person.id,
    name: nameOf(person),
    given_name: person.givenName,
    family_name: person.familyName,
    preferred_username: person.email,
    email: person.email,
    email_verified: true,
  }),
  namesIssuer: true,
})
