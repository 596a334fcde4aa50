import type { Person } from '../directory.ts'

/** How one OpenID provider differs from another. */
export interface Flavour {
  /** What its tokens name as their issuer. */
  issuer: string
  /** What is entered at Logto as its issuer: the address of its discovery document. */
  address: string
  /** Discovery documents, by the path before them; without any, the library's own. */
  documents?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Of the endpoints. */
  routes: Readonly<Record<string, string>>
  claimsByScope: Readonly<Record<string, string[]>>
  claimsOf(person: Person, use: string): { sub: string } & Record<string, unknown>
  /** Whether its answers name the issuer (RFC 9207). */
  namesIssuer: boolean
}
