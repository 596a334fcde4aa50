import { randomUUID } from 'node:crypto'
import { type CryptoKey, SignJWT } from 'jose'
import { callApp } from '../../shared/call-app.ts'
import type { OktaApp, OktaUser, UniversalLogout } from '../state.ts'
import type { Caller, OktaDelivery } from './event-hooks.ts'

/** What ID tokens are signed with, and the calls of Universal Logout too. */
export interface SigningKey {
  kid: string
  alg: string
  privateKey: CryptoKey
}

/** Seconds that a token is good for, before and after it was issued. */
const LIFE = 300

/**
 * Has each app with Universal Logout sign a person out (draft-parecki-oauth-global-token-revocation).
 *
 * @param happened at Okta, in milliseconds since 1970
 */
export function logOutEverywhere(
  { org, issuer, callLog }: Caller,
  key: SigningKey,
  person: OktaUser,
  happened: number,
): Promise<OktaDelivery[]> {
  const apps = org.apps.filter(({ status }) => status === 'ACTIVE')
  return Promise.all(
    apps.flatMap((app) => {
      const settings = org.universalLogout.get(app.id)
      return settings ? [call(settings, { issuer, callLog }, key, { app, person, happened })] : []
    }),
  )
}

async function call(
  settings: UniversalLogout,
  { issuer, callLog }: Pick<Caller, 'issuer' | 'callLog'>,
  key: SigningKey,
  { app, person, happened }: { app: OktaApp; person: OktaUser; happened: number },
): Promise<OktaDelivery> {
  const { endpoint: url, subjectFormat, older } = settings
  const { origin, pathname } = new URL(url)
  const now = Math.floor(Date.now() / 1000)
  const token = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ typ: 'global-token-revocation+jwt', alg: key.alg, kid: key.kid })
    .setIssuer(issuer)
    .setSubject(app.credentials.oauthClient.client_id)
    .setAudience(origin + pathname)
    .setIssuedAt(now)
    .setNotBefore(now - LIFE)
    .setExpirationTime(now + LIFE)
    .sign(key.privateKey)
  const subject =
    subjectFormat === 'email'
      ? { format: 'email', email: person.profile.email }
      : { format: 'iss_sub', iss: issuer, sub: person.id }
  const at = Date.now()
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ [older ? 'subject' : 'sub_id']: subject }),
  }
  const end = await callApp(url, request, { ended: callLog.sent('okta', url, [['subject', subjectFormat]]) })
  return {
    at,
    way: 'Universal Logout',
    what: `subject ${subjectFormat}`,
    url,
    tries: 1,
    took: Date.now() - happened,
    ...end,
  }
}
