import { createClient } from '@redis/client'
import type { Check, Finding } from '../check.ts'

/** Where sessions live: what becomes of them when the process ends, and whether several processes can share them. */
export const sessionStore: Check = {
  id: 'session-store',
  title: 'The store of sessions',
  needs: ['settings'],
  async examine({ config }) {
    const { redisUrl } = config.sessions
    return redisUrl === undefined ? inMemory(config) : inRedis(redisUrl)
  },
}

function inMemory({ production }: { production: boolean }): Finding {
  const tried = 'looked where the app keeps its sessions'
  const answer = 'in the memory of its one process'
  if (!production) return { status: 'ok', tried, answer }
  return {
    status: 'warning',
    tried,
    answer,
    meaning: 'A restart signs everybody out, and a second process knows nobody who signed in at the first.',
    mend: 'Set REDIS_URL to a Redis or Valkey; or run one process of the app, and restart it when few people are at work.',
  }
}

/** `GETEX` came with 6.2. */
function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < 6 || (major === 6 && minor < 2)
}

const tooOld = {
  status: 'broken',
  meaning: 'This Redis lacks a command (GETEX) by which sessions are read, so that nobody is ever signed in.',
  mend: 'Update it to Redis 6.2 or newer, or to Valkey.',
} as const

async function inRedis(url: string): Promise<Finding> {
  const tried = `asked Redis at ${new URL(url).host} for its version`
  const client = createClient({ url, socket: { connectTimeout: 2000, reconnectStrategy: false } })
  client.on('error', () => {}) // raised by `connect` as well
  try {
    await client.connect()
    const version = /redis_version:(\S+)/.exec(await client.info('server'))?.[1]
    const answer = version ? `version ${version}` : 'it answered'
    return version && isTooOld(version) ? { ...tooOld, tried, answer } : { status: 'ok', tried, answer }
  } catch (error) {
    return {
      status: 'broken',
      tried,
      answer: error instanceof Error ? error.message || error.name : 'no answer',
      meaning:
        'While Redis does not answer, pages for people who are signed in cannot be shown, and nobody can sign in.',
      mend: 'Start Redis, or correct REDIS_URL: host, port, user name and password, and rediss:// where it wants TLS.',
    }
  } finally {
    client.destroy()
  }
}
