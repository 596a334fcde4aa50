import type { IncomingMessage } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { noteOnCall } from '../../shared/call-log.ts'
import type { Behaviour } from '../control/behaviour.ts'
import { type EventLog, keep, type TokenRequest } from '../control/event-log.ts'

export const TOKEN_PATH = '/token'
const LARGEST_BODY = 10_000

/**
 * The token endpoint's faults, around the provider that answers it in good order. A late answer is late only after
 * everything is done, which is the worse case: a client that gives up has used its code, or lost its new refresh token.
 */
export function misbehaveWithTokens(behaviour: Behaviour, { tokenRequests }: EventLog) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (ctx.path !== TOKEN_PATH || ctx.method !== 'POST') return next()
    const at = Date.now()
    const { tokenFailure: failure } = behaviour
    const record = (grantType: string, answer: TokenRequest['answer']) => {
      noteOnCall(ctx.res, { grantType })
      keep(tokenRequests, { at, grantType, answer })
    }
    if (failure === undefined) {
      await next()
      record(String(ctx.oidc?.params?.grant_type ?? ''), ctx.status)
    } else {
      record(await grantTypeOf(ctx.req), failure)
    }
    if (behaviour.tokenDelay > 0) await setTimeout(behaviour.tokenDelay, undefined, { ref: false })
    if (failure === 'reset') {
      ctx.respond = false
      ctx.req.socket.resetAndDestroy()
    } else if (failure !== undefined) {
      ctx.status = failure
      ctx.type = 'html'
      ctx.body = '<h1>The sandbox was told to fail here.</h1>\n'
    }
  }
}

/** The grant type of a request that nobody else is going to read; empty where there is none to be found. */
export async function grantTypeOf(req: IncomingMessage): Promise<string> {
  let body = ''
  try {
    for await (const chunk of req.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      body += chunk
      if (body.length > LARGEST_BODY) return ''
    }
  } catch {
    return '' // The caller left in the middle of it.
  }
  return new URLSearchParams(body).get('grant_type') ?? ''
}
