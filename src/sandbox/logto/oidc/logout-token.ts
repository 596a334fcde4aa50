import { randomUUID } from 'node:crypto'
import { base64url, CompactSign } from 'jose'
import type { LogtoSession } from '../state/session.ts'
import type { Application } from '../state/state.ts'
import { type Forgery, forge, type LogoutDraft } from './forgeries.ts'
import type { SigningKey } from './signing-keys.ts'

/** Whose sessions the application is to end: one of them, or all of a person. */
export type LogoutTarget = { sub: string; sid?: string } | { sub?: string; sid: string }

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

/**
 * Whom Logto names: always the person, and the session where the application requires it, only there.
 *
 * @param target the person in it, if left out, is whoever the session is of
 * @throws when Logto sends such an application no such token
 */
export function asLogtoNames(
  { sub, sid }: LogoutTarget,
  application: Application,
  sessions: readonly LogtoSession[],
): LogoutTarget {
  const isTheirs = ({ applications }: LogtoSession) => applications.some((at) => at.sid === sid)
  const person = sub ?? sessions.find(isTheirs)?.userId
  const { name, oidcClientMetadata: metadata } = application
  if (metadata.backchannelLogoutSessionRequired) {
    if (sid !== undefined) return person === undefined ? { sid } : { sub: person, sid }
    throw new Error(`“${name}” requires the session: Logto sends it no logout token without one (sid).`)
  }
  if (person !== undefined) return { sub: person }
  throw new Error(`“${name}” does not require the session: Logto names the person alone (sub).`)
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
