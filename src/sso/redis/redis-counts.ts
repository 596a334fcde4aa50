import { createHash } from 'node:crypto'
import type { Store } from 'express-rate-limit'
import { type RedisReply, RedisStore, type SendCommandClusterFn } from 'rate-limit-redis'
import { describeError } from '../http/describe-error.ts'
import type { Logger } from '../http/logger.ts'
import { RedisAwayError } from './redis-away.ts'

/** Redis, for what processes share. */
export interface SharedCounts {
  /** What the keys begin with. */
  readonly prefix: string
  /** Sends one command to where a key is, and gives the reply. */
  send: (key: string | undefined, command: string[]) => Promise<unknown>
}

/** Milliseconds a request waits to be counted. */
const patience = 300

/**
 * Makes stores that count requests by address in Redis, for all processes together. Redis slow or gone fails the
 * count within 300 ms, and is said once an outage, by whoever keeps the connection or else here.
 *
 * @returns a function that makes a store; `name` is part of its keys
 */
export function redisStore(shared: SharedCounts, logger: Logger): (name: string) => Store {
  let away = false
  const send: SendCommandClusterFn = async ({ key, command }) => {
    try {
      const reply = await inTime(shared.send(key, command))
      away = false
      return reply as RedisReply
    } catch (error) {
      if (isMissingScript(error)) throw error // the library loads it then
      if (!away && !(error instanceof RedisAwayError))
        logger.warn({ err: describeError(error) }, 'rate limits wait for Redis: nothing is counted')
      away = true
      // The library would remember that a script could not be loaded, and never count again. A script's name is
      // its SHA-1, and one that Redis turns out not to have is loaded at the next request.
      const [verb, action, script] = command
      if (verb === 'SCRIPT' && action === 'LOAD' && script) return sha1(script)
      throw error
    }
  }
  return (name) => new RedisStore({ sendCommandCluster: send, prefix: `${shared.prefix}rate-limit:${name}:` })
}

function inTime<T>(reply: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`Redis did not answer within ${patience} ms`))
    const timer = setTimeout(late, patience)
    reply.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const isMissingScript = (error: unknown) => error instanceof Error && error.message.startsWith('NOSCRIPT')

const sha1 = (script: string) => createHash('sha1').update(script).digest('hex')
