import type { RequestHandler, Response } from 'express'
import { noteOnCall } from '../../shared/call-log.ts'
import { grantTypeOf, TOKEN_PATH } from '../oidc/token-endpoint.ts'
import type { Behaviour } from './behaviour.ts'
import { type EventLog, keep } from './event-log.ts'

const UNAVAILABLE = 503

export interface Outage {
  /** Goes before everything that is to be out. */
  handler: RequestHandler
  /** Cuts off the callers that are still waiting for an answer there will not be. */
  release(): void
}

/** Logto gone: there is somebody at its address, and nothing useful in what they say. */
export function createOutage(behaviour: Behaviour, { tokenRequests }: EventLog): Outage {
  const waiting = new Set<Response>()
  return {
    async handler(req, res, next) {
      const { outage } = behaviour
      if (outage === undefined) return next()
      if (outage === 'silent') {
        waiting.add(res)
        res.once('close', () => waiting.delete(res))
      }
      if (req.path === `/oidc${TOKEN_PATH}` && req.method === 'POST') {
        const answer = outage === 'silent' ? 'nothing' : UNAVAILABLE
        const grantType = await grantTypeOf(req)
        noteOnCall(res, { grantType })
        keep(tokenRequests, { at: Date.now(), grantType, answer })
      }
      if (outage === 'unavailable')
        res.status(UNAVAILABLE).type('html').send('<h1>Service Unavailable</h1>\n')
    },
    release() {
      for (const res of waiting) res.socket?.destroy()
    },
  }
}
