import type { Request } from 'express'
import type { LiveConfig } from '../../companies/index.ts'
import { companySecret } from '../../settings/companies/company-secret.ts'
import type { EnterpriseConnector } from '../../settings/config.ts'
import type { Handler } from '../http/handler.ts'
import { jsonIn } from '../http/request/request-body.ts'
import { isOneOf } from '../http/request/shared-secret.ts'
import { recordOf } from '../request.ts'
import type { SessionStore } from '../session/session-store.ts'
import type { CompanyEndings } from './company-endings.ts'
import { cannotEnd, refusal } from './end-sessions.ts'
import { oktaEvents } from './okta-events.ts'

/** How long an event is remembered, in milliseconds. Okta sends one twice within minutes. */
const lifetime = 24 * 3_600_000
/** What a challenge may be, which is given back to whoever asks. */
const challengeShape = /^[\x21-\x7e]{1,1024}$/

/**
 * `GET` and `POST /webhooks/okta/<company>`: the event hook of a company's Okta says who has to go. They are out before
 * it is answered, in every browser and in every process. The company's own secret proves it, and so no other company
 * can be spoken for.
 *
 * @returns `admit`, which looks at the secret before a body is read, and `handle`
 */
export function oktaWebhook({
  config,
  store,
  endings,
}: {
  config: Pick<LiveConfig, 'companies' | 'companyHookKeys'>
  store: SessionStore
  endings: CompanyEndings
}): { admit: Handler; handle: Handler } {
  let hasWarned = false

  function secretsOf({ issuer }: EnterpriseConnector): Buffer[] {
    return config.companyHookKeys.map((key) => Buffer.from(companySecret(key, issuer)))
  }

  function warnOfNoKey(req: Request): void {
    if (config.companyHookKeys.length > 0 || hasWarned) return
    hasWarned = true
    recordOf(req).log.warn({}, 'deliveries of event hooks are refused, because COMPANY_HOOK_KEY is not set')
  }

  async function heed(req: Request, company: EnterpriseConnector): Promise<void> {
    const events = oktaEvents(jsonIn(req), company, Date.now())
    if (!events) throw await refusal(req, unreadable)
    // A request may be kept, and its body with it.
    req.body = undefined
    const names = events.map(({ uuid }) => uuid && `okta:${company.id}:${uuid}`)
    // Where the store cannot say, nothing can be ended either, and all of it is kept.
    const used = await Promise.all(names.map((name) => name && store.backend.isUsed(name))).catch(() => [])
    const fresh = events.filter((_, at) => !used[at])
    await endings.end(
      req,
      fresh.flatMap((event) => event.endings),
    )
    await Promise.all(names.map((name) => name && store.backend.markUsed(name, lifetime))).catch((cause) => {
      throw cannotEnd(cause)
    })
  }

  return {
    async admit(req, _res, id) {
      const company = config.companies.byId(id)
      if (!company) throw await refusal(req, unknown)
      warnOfNoKey(req)
      if (req.method === 'POST' && !isOneOf(req.get('authorization'), secretsOf(company)))
        throw await refusal(req, unsigned)
    },
    async handle(req, res, id) {
      if (req.method === 'GET') {
        const challenge = req.get('x-okta-verification-challenge') ?? ''
        if (!challengeShape.test(challenge)) throw await refusal(req, unchallenged)
        res.json({ verification: challenge })
        return
      }
      const company = config.companies.byId(id)
      if (company) await heed(req, company)
      res.status(204).end()
    },
  }
}

const unknown = { status: 404, code: 'company_hook_unknown' }
const unchallenged = { status: 400, code: 'hook_challenge' }
const unreadable = { status: 400, code: 'hook_body' }
const unsigned = {
  status: 401,
  code: 'hook_secret',
  // RFC 9110 §15.5.2 wants a challenge.
  headers: { 'WWW-Authenticate': 'Okta-Event-Hook' },
}
