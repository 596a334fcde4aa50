import { parseCookie } from 'cookie'
import type { Response } from 'express'
import { cookieSuffix } from '../../shared/provider/cookie-suffix.ts'
import { secret } from '../../shared/random.ts'
import type { SsoProfile } from '../connector/attempt.ts'
import type { CompleteConnector } from '../connector/connectors.ts'
import type { IdpSession, LogtoContext } from '../pages/context.ts'

const nameOf = ({ endpoint }: LogtoContext) => `_logto_idp_saml_sso_session_id${cookieSuffix(endpoint)}`

/** Keeps whom a SAML provider has sent unasked, until the sign-in that follows gets to the connector. */
export function keepIdpSession(
  context: LogtoContext,
  res: Response,
  session: IdpSession,
  expiresAt: number,
): void {
  const id = secret(21)
  context.idpSessions.set(id, session, Math.ceil((expiresAt - Date.now()) / 1000))
  res.cookie(nameOf(context), id, { httpOnly: true, sameSite: 'strict', expires: new Date(expiresAt) })
}

/** @returns whom the connector's provider has sent in this browser, once */
export function takeIdpSession(
  context: LogtoContext,
  res: Response,
  connector: CompleteConnector,
): SsoProfile | undefined {
  const id = parseCookie(res.req.headers.cookie ?? '')[nameOf(context)] ?? ''
  const session = context.idpSessions.get(id)
  if (session?.connectorId !== connector.id) return undefined
  context.idpSessions.delete(id)
  res.clearCookie(nameOf(context), { httpOnly: true, sameSite: 'strict' })
  return session.profile
}
