import { setTimeout as pause } from 'node:timers/promises'
import { createClient, ErrorReply, type RedisClientType } from '@redis/client'
import type { Logger } from 'pino'
import { appTag } from '../http/app-tag.ts'
import { describeError } from '../http/describe-error.ts'

/** Raised when Redis gives no answer: not connected, or too slow. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError'
}

/** Limit of one command, in milliseconds. A request runs a few after one another and answers within two seconds. */
const commandLimit = 500
/** How long nothing is tried after a command that was too slow, in milliseconds. */
const restAfterSilence = 500
/** Silence after which the connection is taken for dead, in milliseconds. */
const deadAfter = 3000
/** How long the start of the process waits for the first connection, in milliseconds. */
const firstConnection = 2000

/** A connection to Redis that mends itself. */
export interface RedisConnection {
  /** What the keys of this app begin with, and those of no other. */
  readonly prefix: string
  /**
   * Runs commands, each within its time.
   *
   * @throws RedisAwayError at once while Redis is known to be away; what Redis raises
   */
  run: <T>(commands: (client: RedisClientType) => Promise<T>) => Promise<T>
  /** Runs one command as `run` does. */
  sendCommand: (...command: string[]) => Promise<unknown>
  isReady: () => boolean
  /** Lets what was sent finish, for a moment, and disconnects. */
  close: () => Promise<void>
}

/**
 * Connects to Redis or Valkey, and again whenever the connection is lost. One line is logged when it goes and one
 * when it is back. A Redis that is away at the start is waited for, a moment here and then beside the work.
 *
 * @param at.url `redis://` or `rediss://`, with a password if need be
 * @param at.baseUrl the app's
 * @param logger where both lines go; never the URL's password
 */
export async function connectRedis(
  { url, baseUrl }: { url: string; baseUrl: string },
  logger: Logger,
): Promise<RedisConnection> {
  let away = false
  let silentSince: number | undefined
  let restUntil = 0

  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 1000, reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1000) },
  })
  client.on('error', (error) => {
    if (away) return
    away = true
    logger.error({ err: describeError(error), redis: addressOf(url) }, 'redis is away')
  })
  client.on('ready', () => {
    silentSince = undefined
    restUntil = 0
    if (away) logger.info({ redis: addressOf(url) }, 'redis is back')
    away = false
  })

  /** A connection can be dead without a word, when the other machine is gone: commands only go unanswered. */
  function noteSilence(): void {
    const now = Date.now()
    silentSince ??= now
    restUntil = now + restAfterSilence
    if (now - silentSince < deadAfter) return
    silentSince = undefined
    client.destroy()
    client.emit('error', new RedisAwayError(`no answer for ${deadAfter} ms`))
    client.connect().catch(() => {}) // said by the `error` event
  }

  async function run<T>(commands: (client: RedisClientType) => Promise<T>): Promise<T> {
    if (!client.isReady) throw new RedisAwayError('not connected')
    if (Date.now() < restUntil) throw new RedisAwayError('did not answer a moment ago')
    let timer: NodeJS.Timeout | undefined
    const tooSlow = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        noteSilence()
        reject(new RedisAwayError(`no answer within ${commandLimit} ms`))
      }, commandLimit)
    })
    try {
      const answer = await Promise.race([commands(client), tooSlow])
      silentSince = undefined
      return answer
    } catch (error) {
      throw isConnectionFault(error) ? new RedisAwayError('lost the connection', { cause: error }) : error
    } finally {
      clearTimeout(timer)
    }
  }

  const connected = client.connect().catch(() => {}) // said by the `error` event
  await Promise.race([connected, pause(firstConnection, undefined, { ref: false })])

  return {
    prefix: `sso:${appTag({ baseUrl })}:`,
    run,
    sendCommand: (...command) => run((client) => client.sendCommand(command)),
    isReady: () => client.isReady && Date.now() >= restUntil,
    async close() {
      const late = setTimeout(() => client.destroy(), commandLimit)
      if (client.isReady)
        await client.close().catch(() => {}) // cut off, then
      else client.destroy()
      clearTimeout(late)
    },
  }
}

/** @returns whether the connection is at fault, and not the command */
function isConnectionFault(error: unknown): boolean {
  return !(error instanceof ErrorReply)
}

/** Where Redis is, as the log may have it. */
function addressOf(url: string): string {
  const { host, pathname } = new URL(url)
  return host + pathname
}
