import { setTimeout as pause } from 'node:timers/promises'
import { ErrorReply, type RedisClientType } from '@redis/client'
import { keyPrefix } from '../../settings/values/app-tag.ts'
import { describeError } from '../http/describe-error.ts'
import type { Logger } from '../http/logger.ts'
import { noTelemetry, type Telemetry } from '../telemetry/telemetry.ts'
import { faultOf, RedisAwayError } from './redis-away.ts'
import { commandLimit, drop, leave, openClient, within } from './redis-client.ts'
import { rehearse } from './rehearsal.ts'

/** How long nothing is tried after a command that was too slow, in milliseconds. */
const restAfterSilence = 500
/** Silence after which the connection is taken for dead, in milliseconds. */
const deadAfter = 3000
/** The longest pause between two tries to connect, in milliseconds. */
const longestPause = 1000
/** How long the start of the process waits for the first connection, in milliseconds. */
const firstConnection = 2000

/** A connection to Redis that fixes itself. */
export interface RedisConnection {
  /** What the keys of this app begin with, and those of no other. */
  readonly prefix: string
  /**
   * Runs commands, each within its time.
   *
   * @throws RedisAwayError at once while there is no connection; what Redis raises about the command itself
   */
  run: <T>(commands: (client: RedisClientType) => Promise<T>) => Promise<T>
  /** Runs one command as `run` does. */
  sendCommand: (...command: string[]) => Promise<unknown>
  /** Does what a page and a sign-in need of Redis, on a key of its own. @throws as `run` does */
  rehearse: () => Promise<void>
  /** Whether it can be asked and takes writes, as far as is known without asking. */
  isReady: () => boolean
  /** Lets what was sent finish, for a moment, and disconnects. */
  close: () => Promise<void>
}

/**
 * Connects to Redis or Valkey. When the connection is lost, or Redis answers that it cannot serve now (`faultOf`), a
 * new one is made, by name, since the name may lead to another server by then; and again, until a rehearsal succeeds.
 * One line is logged when Redis goes away and one when it is back. A Redis that is away at the start is waited for, a
 * moment here and then beside the work.
 *
 * @param at.url `redis://` or `rediss://`, with a password if need be
 * @param at.baseUrl the app's
 * @param logger where both lines go; never the URL's password
 */
export async function connectRedis(
  { url, baseUrl }: { url: string; baseUrl: string },
  logger: Logger,
  { span, change }: Telemetry = noTelemetry,
): Promise<RedisConnection> {
  const prefix = keyPrefix({ baseUrl })
  let client: RedisClientType | undefined
  let away = false
  let comingBack = false
  let closed = false
  let silentSince: number | undefined
  let restUntil = 0
  let rehearsing: Promise<void> | undefined

  function goAway(error: unknown): void {
    if (away || closed) return
    away = true
    change('sso.redis.away', 1)
    logger.error({ err: describeError(error), redis: addressOf(url) }, 'redis is away')
    void comeBack()
  }

  async function comeBack(): Promise<void> {
    if (comingBack) return
    comingBack = true
    for (let wait = 0; away && !closed; wait = Math.min(2 * wait + 50, longestPause)) {
      await pause(wait, undefined, { ref: false })
      await connectAnew().catch(() => {}) // it is known to be away
    }
    comingBack = false
  }

  /** @throws why Redis is no use; it is read from then as far as it lets us */
  async function connectAnew(): Promise<void> {
    const next = await openClient(url, (error, lost) => {
      if (lost === client) goAway(error)
    })
    if (closed) return leave(next)
    const before = client
    client = next
    silentSince = undefined
    restUntil = 0
    if (before) void leave(before)
    await within(commandLimit, rehearse(next, prefix))
    if (!next.isReady) throw new RedisAwayError('lost the connection')
    beBack()
  }

  function beBack(): void {
    if (!away) return
    away = false
    change('sso.redis.away', -1)
    logger.info({ redis: addressOf(url) }, 'redis is back')
  }

  /** What the connection before says late is not about this one. */
  const isPresent = (asked: RedisClientType) => asked === client

  /** A connection can be dead without a word, when the other machine is gone: commands only go unanswered. */
  function noteSilence(): void {
    const now = Date.now()
    silentSince ??= now
    restUntil = now + restAfterSilence
    if (now - silentSince < deadAfter) return
    silentSince = undefined
    if (client) drop(client)
    goAway(new RedisAwayError(`no answer for ${deadAfter} ms`))
  }

  const run = <T>(commands: (client: RedisClientType) => Promise<T>): Promise<T> =>
    span('redis', { 'db.system.name': 'redis' }, () => runInTime(commands))

  async function runInTime<T>(commands: (client: RedisClientType) => Promise<T>): Promise<T> {
    const asked = client
    if (!asked?.isReady) throw new RedisAwayError('not connected')
    if (Date.now() < restUntil) throw new RedisAwayError('did not answer a moment ago')
    try {
      const answer = await within(commandLimit, commands(asked), () => isPresent(asked) && noteSilence())
      silentSince = undefined
      return answer
    } catch (error) {
      const fault = faultOf(error)
      if (error instanceof ErrorReply && fault instanceof RedisAwayError && isPresent(asked)) goAway(fault)
      throw fault
    }
  }

  const connected = connectAnew().catch(goAway)
  await Promise.race([connected, pause(firstConnection, undefined, { ref: false })])

  return {
    prefix,
    run,
    sendCommand: (...command) => run((client) => client.sendCommand(command)),
    rehearse() {
      // One at a time, however many ask.
      rehearsing ??= run((client) => rehearse(client, prefix))
        .then(beBack)
        .finally(() => {
          rehearsing = undefined
        })
      return rehearsing
    },
    isReady: () => !away && client?.isReady === true && Date.now() >= restUntil,
    async close() {
      closed = true
      if (client) await leave(client)
    },
  }
}

/** Where Redis is, as the log may have it. */
function addressOf(url: string): string {
  const { host, pathname } = new URL(url)
  return host + pathname
}
