import type { Request } from 'express'
import type { LiveConfig } from '../../companies/index.ts'
import { addressesAt } from '../addresses.ts'
import { ownDomains } from '../company/own-domains.ts'
import { revocationTokens } from '../company/revocation-token.ts'
import { AppError } from '../http/app-error.ts'
import type { Handler } from '../http/handler.ts'
import { jsonIn } from '../http/request/request-body.ts'
import { TokenError } from '../logto/token-fault.ts'
import type { SessionStore } from '../session/session-store.ts'
import type { CompanyEndings } from './company-endings.ts'
import { cannotEnd, refusal } from './end-sessions.ts'
import { namesOfSubject, subjectIn } from './subject.ts'

/**
 * `POST /global-token-revocation`: a company's Okta asks for Universal Logout of one of its people
 * (draft-parecki-oauth-global-token-revocation). Their sessions end here, in every browser and in every process.
 *
 * It is answered in the same way where nobody is signed in: whoever asks learns nothing of people by that, and somebody
 * who is about to come in does not.
 */
export function universalLogout({
  config,
  store,
  endings,
  send,
}: {
  config: Pick<LiveConfig, 'baseUrl' | 'companies'>
  store: SessionStore
  endings: CompanyEndings
  /** `fetch` with a time limit. */
  send: typeof fetch
}): Handler {
  const { companies, baseUrl } = config
  const domains = ownDomains(companies)
  const audience = addressesAt(baseUrl).globalTokenRevocation
  const verify = revocationTokens({ companies, audience, send })

  async function verified(req: Request) {
    const [, token] = /^Bearer +(\S+) *$/i.exec(req.get('authorization') ?? '') ?? []
    // RFC 6750 §3.1: no error code for who has sent none.
    if (!token) throw await refusal(req, { ...missingToken, headers: { 'WWW-Authenticate': 'Bearer' } })
    return verify(token).catch(async (cause) => {
      if (cause instanceof TokenError) throw await tokenRefused(req, cause)
      throw new AppError({ ...keysAway, cause })
    })
  }

  return async (req, res) => {
    const { companies, id, goodUntil } = await verified(req)
    const subject = subjectIn(jsonIn(req))
    if (!subject) throw await refusal(req, unreadable)
    const names = namesOfSubject(subject, companies, domains)
    if (names === 'foreign') throw await refusal(req, foreign)
    if (names === 'unknown_domains') throw await refusal(req, unknownDomains)

    const name = `universal-logout:${id}`
    const away = (cause: unknown): never => {
      throw cannotEnd(cause)
    }
    // Looked up first and marked last, so that a token that could not be followed to the end can be sent again.
    const isReplay = await store.backend.isUsed(name).catch(() => false)
    if (isReplay) throw await tokenRefused(req, new TokenError('jti'))
    const begunBy = Date.now()
    await endings.end(
      req,
      names.map((each) => ({ name: each, begunBy, by: 'universal_logout' })),
    )
    const isFirst = await store.backend.markUsed(name, Math.ceil(goodUntil - Date.now())).catch(away)
    if (!isFirst) throw await tokenRefused(req, new TokenError('jti'))
    res.status(204).end()
  }
}

const missingToken = { status: 401, code: 'revocation_token_missing' }
const unreadable = { status: 400, code: 'revocation_subject' }
const foreign = { status: 403, code: 'revocation_foreign' }
const unknownDomains = { status: 422, code: 'revocation_email_unknown' }
const keysAway = {
  status: 503,
  code: 'company_keys_unavailable',
  headers: { 'Retry-After': '5' },
}

function tokenRefused(req: Request, cause: TokenError): Promise<AppError> {
  const { part } = cause
  const details = {
    status: 401,
    code: 'revocation_token_refused',
    params: { part },
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    cause,
  }
  return refusal(req, details, `${details.code}_${part}`)
}
