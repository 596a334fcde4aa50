import { setTimeout as pause } from 'node:timers/promises'
import { keyPrefix } from '../../settings/values/app-tag.ts'
import { type RedisAddress, redisPlaceName } from '../../settings/values/redis-address.ts'
import { describeError } from '../http/describe-error.ts'
import type { Logger } from '../http/logger.ts'
import { noTelemetry, type Telemetry } from '../telemetry/telemetry.ts'
import { faultOf } from './fault-of.ts'
import { openRedis } from './open-redis.ts'
import { RedisAwayError, RedisRefusesError } from './redis-away.ts'
import { type RedisClient, type RedisCommands, rehearse } from './redis-client.ts'
import { commandLimit, within } from './within.ts'

/** How long nothing is tried after a command that was too slow, in milliseconds. In a cluster, others may answer. */
const restAfterSilence = { server: 500, cluster: 0 }
/** Silence after which a connection is taken for dead, in milliseconds. In a cluster, a replica may have taken over. */
const deadAfter = { server: 3000, cluster: 1000 }
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
  run: <T>(commands: (client: RedisCommands) => Promise<T>) => Promise<T>
  /** Runs any one command as `run` does, where the key is that it is about. */
  send: (key: string | undefined, command: string[]) => Promise<unknown>
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
 * moment here and then beside the work. Of a cluster, those nodes are asked all the while that answer.
 *
 * @param at where Redis is, and the app's `baseUrl`
 * @param logger where both lines go; never a password
 */
export async function connectRedis(
  at: RedisAddress & { baseUrl: string },
  logger: Logger,
  { call, change }: Telemetry = noTelemetry,
): Promise<RedisConnection> {
  const prefix = keyPrefix(at)
  const redis = redisPlaceName(at)
  let client: RedisClient | undefined
  let away = false
  let comingBack = false
  let closed = false
  let restUntil = 0
  let rehearsing: Promise<void> | undefined
  let isProbing = false

  function goAway(error: unknown): void {
    if (away || closed) return
    away = true
    change('sso.redis.away', 1)
    logger.error({ err: describeError(error), redis }, 'redis is away')
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

  /** @throws why Redis is no use; a single one is read from then as far as it lets us */
  async function connectAnew(): Promise<void> {
    const onLost = (error: unknown, lost: RedisClient) => {
      if (lost === client) goAway(error)
    }
    const next = await openRedis(at, { name: prefix.slice(0, -1), onLost }, client)
    if (closed) return next.leave()
    // What is left of a cluster serves better by the connections that are there than by new ones.
    const isNoWorse = !client?.isCluster
    if (isNoWorse) take(next)
    try {
      await within(commandLimit, rehearse(next, prefix))
    } catch (error) {
      if (!isNoWorse) next.drop()
      throw error
    }
    if (!isNoWorse) take(next)
    if (!next.isReady()) throw new RedisAwayError('lost the connection')
    beBack()
  }

  function take(next: RedisClient): void {
    const before = client
    client = next
    restUntil = 0
    void before?.leave()
  }

  function beBack(): void {
    if (!away) return
    away = false
    change('sso.redis.away', -1)
    logger.info({ redis }, 'redis is back')
  }

  /** What the connection before says late is not about this one. */
  const isPresent = (asked: RedisClient) => asked === client

  /** A connection can be dead without a word, when the other machine is gone: commands only go unanswered. */
  async function lookIntoSilence(asked: RedisClient): Promise<void> {
    if (!isPresent(asked)) return
    const kind = asked.isCluster ? 'cluster' : 'server'
    restUntil = Date.now() + restAfterSilence[kind]
    if (isProbing) return
    isProbing = true
    try {
      await within(deadAfter[kind], rehearse(asked, prefix))
    } catch (error) {
      if (!isPresent(asked)) return
      if (!asked.isCluster) asked.drop()
      goAway(faultOf(error))
    } finally {
      isProbing = false
    }
  }

  const run = <T>(commands: (client: RedisCommands) => Promise<T>): Promise<T> =>
    ask(({ commands: asked }) => commands(asked))

  const ask = <T>(question: (client: RedisClient) => Promise<T>): Promise<T> =>
    call('redis', { 'db.system.name': 'redis' }, () => askInTime(question))

  async function askInTime<T>(question: (client: RedisClient) => Promise<T>): Promise<T> {
    const asked = client
    if (!asked?.isReady()) throw new RedisAwayError('not connected')
    if (Date.now() < restUntil) throw new RedisAwayError('did not answer a moment ago')
    try {
      return await within(commandLimit, question(asked), () => void lookIntoSilence(asked))
    } catch (error) {
      const fault = faultOf(error)
      const isSilence = fault === error && !(error instanceof RedisRefusesError) // which is looked into
      if (fault instanceof RedisAwayError && !isSilence && isPresent(asked)) goAway(fault)
      throw fault
    }
  }

  const connected = connectAnew().catch(goAway)
  await Promise.race([connected, pause(firstConnection, undefined, { ref: false })])

  return {
    prefix,
    run,
    send: (key, command) => ask((asked) => asked.send(key, command)),
    rehearse() {
      // One at a time, however many ask.
      rehearsing ??= ask((asked) => rehearse(asked, prefix))
        .then(beBack)
        .finally(() => {
          rehearsing = undefined
        })
      return rehearsing
    },
    isReady: () => !away && client?.isReady() === true && Date.now() >= restUntil,
    async close() {
      closed = true
      if (client) await client.leave()
    },
  }
}
