import { keyPrefix } from '../../../settings/values/app-tag.ts'
import { faultOf, RedisAwayError, RedisRefusesError } from '../../../sso/redis/redis-away.ts'
import { commandLimit, drop, openClient, within } from '../../../sso/redis/redis-client.ts'
import { rehearse } from '../../../sso/redis/rehearsal.ts'
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
    const { redisUrl } = on.config.sessions
    return redisUrl === undefined ? inMemory(on.config) : inRedis(redisUrl, on)
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
async function inRedis(url: string, { config, secrets }: Examination): Promise<Finding> {
  const tried = phrase`wrote to Redis at ${new URL(url).host} and read from it, as a sign-in does`
  let version: string | undefined
  try {
    const client = await openClient(url, () => {}) // what becomes of the connection, the commands tell
    try {
      const info = await within(commandLimit, client.info('server')).catch(() => '') // it may be forbidden
      version = /redis_version:(\S+)/.exec(info)?.[1]
      await within(commandLimit, rehearse(client, keyPrefix(config)))
    } finally {
      drop(client)
    }
    return { status: 'ok', tried, answer: version ? phrase`version ${version}` : phrase`it did both` }
  } catch (error) {
    const fault = faultOf(error)
    const said = secrets.quote(wordsOf(error) || wordsOf(fault))
    return {
      status: 'broken',
      tried,
      answer: version ? phrase`${said} (version ${version})` : said,
      ...wordsFor(fault),
    }
  }
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message || error.name : '')

function wordsFor(fault: unknown): { meaning: Text; fix: Text } {
  if (fault instanceof RedisRefusesError) {
    return {
      meaning: phrase`Redis answers, and refuses what a sign-in needs: nobody can sign in or out, and /readyz says 503. Whoever is signed in is served for as long as Redis can be read.`,
      fix: fixOf(fault.code),
    }
  }
  if (fault instanceof RedisAwayError) {
    return {
      meaning: phrase`While Redis does not answer, pages for people who are signed in cannot be shown, and nobody can sign in.`,
      fix: phrase`Start Redis, or correct REDIS_URL: host, port, user name and password, and rediss:// where it wants TLS.`,
    }
  }
  return {
    meaning: phrase`This Redis lacks a command by which sessions are read or written (GETEX came with 6.2), so that nobody is ever signed in.`,
    fix: phrase`Update it to Redis 6.2 or newer, or to Valkey.`,
  }
}
