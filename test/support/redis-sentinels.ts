import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { freePorts } from './free-ports.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

/** A primary and its replica, and the Sentinels that make the replica the primary when the other is gone. */
export interface WatchedRedis {
  /** As REDIS_URL and REDIS_SENTINELS have it. */
  url: string
  sentinels: string[]
  /** The processes of these. */
  watchers: RedisServer[]
  primary: RedisServer
  replica: RedisServer
  close: () => Promise<void>
}

/** Of the Redis servers, and of the Sentinels that watch them. */
export const passwords = { redis: 'of-the-redis', sentinel: 'of-the-sentinels' }

const inTime = (isSo: () => Promise<boolean>) => vi.waitUntil(isSo, { timeout: 30_000, interval: 20 })

/**
 * Starts a primary with a replica and three Sentinels, with passwords, and waits until these know each other.
 *
 * @param options.downAfter silence after which the primary is taken for gone, in milliseconds
 */
export async function startWatchedRedis({ downAfter = 1000 } = {}): Promise<WatchedRedis> {
  const [primary, replica] = await Promise.all([
    startRedis({ password: passwords.redis }),
    startRedis({ password: passwords.redis }),
  ])
  await primary.command('CONFIG', 'SET', 'repl-diskless-sync-delay', '0')
  await replica.command('REPLICAOF', '127.0.0.1', String(primary.port))
  await inTime(async () => /master_link_status:up/.test(String(await replica.command('INFO', 'replication'))))
  const ports = await freePorts(3)
  const settings = [
    `sentinel monitor the-primary 127.0.0.1 ${primary.port} 2`,
    `sentinel down-after-milliseconds the-primary ${downAfter}`,
    'sentinel failover-timeout the-primary 5000',
    `sentinel auth-pass the-primary ${passwords.redis}`,
    `requirepass ${passwords.sentinel}`,
    `sentinel sentinel-pass ${passwords.sentinel}`,
  ]
  const sentinels = await Promise.all(
    ports.map((port) => {
      const file = join(primary.folder, `sentinel-${port}.conf`) // Sentinels write into it
      writeFileSync(file, [`port ${port}`, 'bind 127.0.0.1', ...settings, ''].join('\n'))
      return startRedis({ port, password: passwords.sentinel, sentinel: file })
    }),
  )
  const close = async () => {
    await Promise.all([...sentinels, primary, replica].map((server) => server.close()))
  }
  try {
    for (const { command } of sentinels) {
      const seen = async () => JSON.stringify(await command('SENTINEL', 'MASTER', 'the-primary'))
      await inTime(async () => /"num-slaves":"1","num-other-sentinels":"2"/.test(await seen()))
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    url: `redis://:${passwords.redis}@the-primary`,
    sentinels: sentinels.map(({ url }) => url),
    watchers: sentinels,
    primary,
    replica,
    close,
  }
}
