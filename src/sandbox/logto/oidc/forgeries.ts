import { type CompactJWSHeaderParameters, exportSPKI } from 'jose'
import { createSigningKey, type SigningKey } from './signing-keys.ts'

/** A logout token before it is signed. */
export interface LogoutDraft {
  header: CompactJWSHeaderParameters
  claims: Record<string, unknown>
  /** None for a token that is not signed. */
  key: SigningKey['privateKey'] | Uint8Array | undefined
}

/** What can be wrong with a logout token; in words, what a person reads. */
export const FORGERIES = {
  signature: 'signed by a stranger under Logto’s key ID',
  'unknown-key': 'signed by a stranger under a key ID of their own',
  'alg-none': 'not signed at all',
  hmac: 'signed with Logto’s public key as if that was a secret',
  type: 'an access token by its type',
  issuer: 'of another issuer',
  audience: 'for another application',
  nonce: 'with a nonce, as only ID tokens have',
  'no-events': 'without events',
  'other-event': 'of another event',
  expired: 'expired eight minutes ago',
  'old-iat': 'issued an hour ago',
  'future-iat': 'issued an hour from now',
  'no-iat': 'without the time it was issued',
  'no-exp': 'without the time it expires',
  'no-jti': 'without an ID',
  'no-subject': 'naming neither a person nor a session',
} as const

export type Forgery = keyof typeof FORGERIES

export const isForgery = (name: string): name is Forgery => Object.hasOwn(FORGERIES, name)

const MINUTE = 60
const HOUR = 60 * MINUTE

/**
 * Spoils a good logout token in this one way.
 *
 * @param logto the key it was to be signed with, and seconds since 1970 by Logto's clock
 */
export async function forge(
  draft: LogoutDraft,
  forgery: Forgery,
  { key, now }: { key: SigningKey; now: number },
): Promise<void> {
  const { header, claims } = draft
  const spoil: Record<Forgery, () => unknown> = {
    async signature() {
      draft.key = (await createSigningKey(key.kind)).privateKey
    },
    async 'unknown-key'() {
      const stranger = await createSigningKey(key.kind)
      draft.key = stranger.privateKey
      header.kid = stranger.kid
    },
    'alg-none'() {
      draft.key = undefined
      header.alg = 'none'
      delete header.kid
    },
    async hmac() {
      draft.key = new TextEncoder().encode(await exportSPKI(key.publicKey))
      header.alg = 'HS256'
    },
    type: () => Object.assign(header, { typ: 'at+jwt' }),
    issuer: () => Object.assign(claims, { iss: 'https://issuer.example/oidc' }),
    audience: () => Object.assign(claims, { aud: 'another-application' }),
    nonce: () => Object.assign(claims, { nonce: 'n-0S6_WzA2Mj' }),
    'no-events': () => delete claims.events,
    'other-event': () => Object.assign(claims, { events: { 'https://issuer.example/event/other': {} } }),
    expired: () => Object.assign(claims, { iat: now - 10 * MINUTE, exp: now - 8 * MINUTE }),
    'old-iat': () => Object.assign(claims, { iat: now - HOUR }),
    'future-iat': () => Object.assign(claims, { iat: now + HOUR, exp: now + HOUR + 2 * MINUTE }),
    'no-iat': () => delete claims.iat,
    'no-exp': () => delete claims.exp,
    'no-jti': () => delete claims.jti,
    'no-subject'() {
      delete claims.sub
      delete claims.sid
    },
  }
  await spoil[forgery]()
}
