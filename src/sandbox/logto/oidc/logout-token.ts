import { randomUUID } from 'node:crypto'
import { base64url, type CompactJWSHeaderParameters, CompactSign } from 'jose'
import { type Forgery, forge } from './forgeries.ts'
import type { SigningKey } from './signing-keys.ts'

/** Whose sessions the application is to end: one of them, or all of a person. */
export type LogoutTarget = { sub: string; sid?: string } | { sub?: string; sid: string }

/** A logout token before it is signed. */
export interface LogoutDraft {
  header: CompactJWSHeaderParameters
  claims: Record<string, unknown>
  /** None for a token that is not signed. */
  key: SigningKey['privateKey'] | Uint8Array | undefined
}

/** Seconds a logout token is good for. */
const LIFETIME = 120

export const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

interface LogoutTokenParts {
  issuer: string
  appId: string
  key: SigningKey
  /** Seconds since 1970 by Logto's clock. */
  now: number
  target: LogoutTarget
  forged: Forgery | undefined
}

/** A logout token as Logto makes them (OpenID Connect Back-Channel Logout 1.0 §2.4), or one forged. */
export async function makeLogoutToken(parts: LogoutTokenParts): Promise<string> {
  const { issuer, appId, key, now, forged } = parts
  const { sub, sid } = parts.target
  const draft: LogoutDraft = {
    header: { alg: key.alg, typ: 'logout+jwt', kid: key.kid },
    claims: {
      ...(sub !== undefined && { sub }),
      ...(sid !== undefined && { sid }),
      aud: appId,
      iss: issuer,
      iat: now,
      exp: now + LIFETIME,
      jti: randomUUID(),
      events: { [LOGOUT_EVENT]: {} },
    },
    key: key.privateKey,
  }
  if (forged) await forge(draft, forged, { key, now })
  return sign(draft)
}

async function sign({ header, claims, key }: LogoutDraft): Promise<string> {
  const payload = Buffer.from(JSON.stringify(claims))
  if (key) return new CompactSign(payload).setProtectedHeader(header).sign(key)
  return `${base64url.encode(JSON.stringify(header))}.${base64url.encode(payload)}.`
}
