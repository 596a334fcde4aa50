import { createHash, createHmac } from 'node:crypto'
import type { Request } from 'express'
import { z } from 'zod'
import type { EndedBy } from '../../audit/events.ts'
import type { Config } from '../../settings/config.ts'
import type { Handler } from '../http/handler.ts'
import { bodyOf, jsonIn } from '../http/request/request-body.ts'
import { isOneOf } from '../http/request/shared-secret.ts'
import { isIdentifier } from '../logto/verify/id-token.ts'
import { recordOf } from '../request.ts'
import type { SessionStore } from '../session/session-store.ts'
import { cannotEnd, endSessions, refusal } from './end-sessions.ts'

/** The header with the lower-case hexadecimal HMAC-SHA-256 of the raw body. */
const signatureHeader = 'logto-signature-sha-256'
/** How long a delivery is remembered, and how old one may be, in milliseconds. Logto gives up after seconds. */
const lifetime = 24 * 3_600_000

const text = z.string().optional().catch(undefined)
const person = z.string().refine(isIdentifier).optional().catch(undefined)
const flag = z.boolean().optional().catch(undefined)

/** As much of a delivery as matters here. Of what Logto sends to try a webhook out, the person is left out. */
const deliveryShape = z.object({
  event: z.string(),
  createdAt: text,
  params: z.object({ userId: person }).catch({}),
  data: z.object({ id: person, isSuspended: flag }).catch({}),
})
type Delivery = z.output<typeof deliveryShape>

/**
 * `POST /webhooks/logto`: Logto says what became of a person. Whoever was suspended or deleted is out at once, in every
 * browser and in every process; of a suspension Logto sends no back-channel logout. Anything else is taken note of
 * and does nothing.
 */
export function logtoWebhook({
  config,
  store,
}: {
  config: Pick<Config, 'webhookKey'>
  store: SessionStore
}): Handler {
  let hasWarned = false

  /** A signature with no key is no signature. */
  function isSigned(req: Request, body: Buffer): boolean {
    if (config.webhookKey !== undefined)
      return hasSignature(req.get(signatureHeader), body, config.webhookKey)
    if (!hasWarned) {
      hasWarned = true
      recordOf(req).log.warn(
        {},
        'webhook deliveries are refused, because LOGTO_WEBHOOK_SIGNING_KEY is not set',
      )
    }
    return false
  }

  return async (req, res) => {
    const body = bodyOf(req)
    if (!isSigned(req, body)) throw await refusal(req, unsigned)
    const delivery = deliveryShape.safeParse(jsonIn(req)).data
    if (!delivery) throw await refusal(req, unreadable)
    await heed(req, delivery, body).catch((error) => {
      throw cannotEnd(error)
    })
    res.status(204).end()
  }

  async function heed(req: Request, { event, createdAt, params, data }: Delivery, body: Buffer) {
    const by = endedBy(event, data)
    if (!by) return
    const sub = params.userId ?? data.id // a person who deletes their own account is not in the path
    if (!sub) return recordOf(req).log.warn({ event }, 'a webhook delivery names nobody')

    // Sent again, it must not end what began since: a person may be back.
    const name = `webhook:${createHash('sha256').update(body).digest('hex')}`
    const age = Date.now() - Date.parse(createdAt ?? '')
    if (age > lifetime) return recordOf(req).log.warn({ event }, 'a webhook delivery is too old to be heeded')
    if (await store.backend.isUsed(name)) return
    await endSessions(req, { store, name: `sub:${sub}`, by })
    await store.backend.markUsed(name, lifetime)
  }
}

function endedBy(event: string, { isSuspended }: Delivery['data']): EndedBy | undefined {
  if (event === 'User.Deleted') return 'user_deleted'
  // The end of a suspension comes under the same name.
  if (event === 'User.SuspensionStatus.Updated' && isSuspended === true) return 'user_suspended'
  return undefined
}

function hasSignature(given: string | undefined, body: Buffer, key: string): boolean {
  return isOneOf(given, [Buffer.from(createHmac('sha256', key).update(body).digest('hex'))])
}

const unsigned = {
  status: 401,
  code: 'webhook_signature',
  // RFC 9110 §15.5.2 wants a challenge.
  headers: { 'WWW-Authenticate': signatureHeader },
}

const unreadable = {
  status: 400,
  code: 'webhook_body',
}
