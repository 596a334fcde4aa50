import { keyPrefix } from '../../../settings/values/app-tag.ts'
import { type RedisAddress, redisPlaceName } from '../../../settings/values/redis-address.ts'
import { RedisAwayError, RedisRefusesError } from '../../../sso/redis/redis-away.ts'
import type { RedisNode } from '../../../sso/redis/redis-client.ts'
import { commandLimit, within } from '../../../sso/redis/within.ts'
import type { Text } from '../../../words/phrase.ts'
import type { Check, Finding } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { fixOf } from '../../findings/redis-refusals.ts'
import { phrase } from '../../phrase.ts'

/** Where sessions live: what becomes of them when the process ends, and whether several processes can share them. */
export const sessionStore: Check = {
  id: 'session-store',
  title: phrase`The store of sessions`,
  needs: ['settings'],
  async examine(on) {
    const { redis } = on.config.sessions
    return redis === undefined ? inMemory(on.config) : inRedis(redis, on)
  },
}

function inMemory({ production }: { production: boolean }): Finding {
  const tried = phrase`looked where the app keeps its sessions`
  const answer = phrase`in the memory of its one process`
  if (!production) return { status: 'ok', tried, answer }
  return {
    status: 'warning',
    tried,
    answer,
    meaning: phrase`A restart signs everybody out, and a second process knows nobody who signed in at the first.`,
    fix: phrase`Set REDIS_URL to a Redis or Valkey; or run one process of the app, and restart it when few people are at work.`,
  }
}

/** Does at Redis what `/readyz` does there: a Redis that only answers may be no use all the same. */
async function inRedis(redis: RedisAddress, { config, secrets }: Examination): Promise<Finding> {
  const [{ openRedis }, { faultOf }] = await Promise.all([
    import('../../../sso/redis/open-redis.ts'),
    import('../../../sso/redis/fault-of.ts'),
  ])
  const tried = phrase`wrote to Redis at ${redisPlaceName(redis)} and read from it, as a sign-in does`
  let version: string | undefined
  const broken = (said: Text, fault: unknown, isNode = false): Finding => {
    const answer = version ? phrase`${said} (version ${version})` : said
    return { status: 'broken', tried, answer, ...wordsFor(fault, isNode) }
  }
  try {
    const prefix = keyPrefix(config)
    // What becomes of the connection, the commands tell.
    const client = await openRedis(redis, { name: prefix.slice(0, -1), onLost: () => {} })
    try {
      const info = await within(commandLimit, client.info()).catch(() => '') // it may be forbidden
      version = /redis_version:(\S+)/.exec(info)?.[1]
      const nodes = client.nodes(prefix)
      const failed = (await Promise.all(nodes.map(failureAt))).filter((failure) => failure !== undefined)
      const [first] = failed
      if (first) {
        const said = failed.map(
          ({ at, error }) => `${client.isCluster ? `${at}: ` : ''}${wordsOf(faultOf(error))}`,
        )
        return broken(secrets.quote(said.join('; ')), faultOf(first.error), client.isCluster)
      }
      const answer = version ? phrase`version ${version}` : phrase`it did both`
      if (!client.isCluster) return { status: 'ok', tried, answer }
      return {
        status: 'ok',
        tried,
        answer: phrase`${answer}, at each of ${nodes.length} primaries of a cluster`,
      }
    } finally {
      client.drop()
    }
  } catch (error) {
    const fault = faultOf(error)
    return broken(secrets.quote(wordsOf(error) || wordsOf(fault)), fault)
  }
}

/** @returns what keeps a server from what a sign-in needs */
async function failureAt({ at, rehearse }: RedisNode): Promise<{ at: string; error: unknown } | undefined> {
  try {
    await within(commandLimit, rehearse())
    return undefined
  } catch (error) {
    return { at, error }
  }
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message || error.name : '')

/** @param isNode whether it is the fault of a node that another one named */
function wordsFor(fault: unknown, isNode: boolean): { meaning: Text; fix: Text } {
  if (fault instanceof RedisRefusesError) {
    return {
      meaning: phrase`Redis answers, and refuses what a sign-in needs: nobody can sign in or out, and /readyz says 503. Whoever is signed in is served for as long as Redis can be read.`,
      fix: fixOf(fault.code),
    }
  }
  if (fault instanceof RedisAwayError) {
    return {
      meaning: phrase`While Redis does not answer, pages for people who are signed in cannot be shown, and nobody can sign in.`,
      fix: isNode
        ? phrase`Start this node, or let it announce an address that the app can reach (cluster-announce-ip or cluster-announce-hostname; CLUSTER NODES shows it).`
        : phrase`Start Redis, or correct REDIS_URL: host, port, user name and password, and rediss:// where it wants TLS.`,
    }
  }
  if (fault instanceof Error && /^ERR (SELECT is not allowed|DB index)/.test(fault.message)) {
    return {
      meaning: phrase`This Redis has no database of that number: no session can be read or begun.`,
      fix: phrase`Correct the number at the end of REDIS_URL, or leave it out: a cluster has database 0 only, any other Redis as many as its setting “databases” says.`,
    }
  }
  return {
    meaning: phrase`This Redis lacks a command by which sessions are read or written (GETEX came with 6.2), so that nobody is ever signed in.`,
    fix: phrase`Update it to Redis 6.2 or newer, or to Valkey.`,
  }
}
