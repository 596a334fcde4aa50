import { resolve } from 'node:path'
import { type Environment, parseSettings } from '../settings/parse.ts'
import { settings } from '../settings/settings.ts'
import { keyPrefix } from '../settings/values/app-tag.ts'
import { ownAddress } from '../settings/values/own-address.ts'
import { type RedisAddress, redisIn, redisPlaceName } from '../settings/values/redis-address.ts'
import { within } from '../sso/redis/within.ts'
import { CompaniesError, phrase } from './companies-error.ts'
import { filePlace } from './file-place.ts'
import type { Place } from './place.ts'
import { redisPlace } from './redis-place.ts'

/** Limit of one step, in milliseconds. */
const limit = 5000

/** What of the config says where companies live. */
export interface Whereabouts {
  readonly baseUrl: string
  readonly sessions: { readonly redis: RedisAddress | undefined }
  readonly companiesFile: string
}

/**
 * Opens the place of an app's companies, for a command: it is asked a few times and left. The app itself has a
 * connection to Redis already, for `redisPlace`.
 *
 * @throws CompaniesError where Redis does not answer
 */
export async function openPlace({ baseUrl, sessions, companiesFile }: Whereabouts): Promise<Place> {
  const { redis } = sessions
  if (redis === undefined) return filePlace(companiesFile)
  const name = redisPlaceName(redis)
  const away = (cause: unknown): never => {
    throw new CompaniesError(
      phrase`Redis at ${name} does not take the companies (${(cause as Error).message}).`,
      phrase`Start it, or correct REDIS_URL.`,
      { cause },
    )
  }
  const prefix = keyPrefix({ baseUrl })
  const { openRedis } = await import('../sso/redis/open-redis.ts')
  // What becomes of the connection, the commands tell.
  const client = await openRedis(redis, { name: prefix.slice(0, -1), onLost: () => {} }).catch(away)
  return redisPlace(
    { prefix, run: (commands) => within(limit, commands(client.commands)).catch(away) },
    { name, close: async () => client.drop() },
  )
}

/**
 * Where the companies of an app live, by settings of which others may be missing.
 *
 * @param env such as `process.env`
 * @param folder that of the file of settings
 * @throws ConfigError
 */
export function readWhereabouts(env: Environment, folder = '.'): Whereabouts {
  const given = parseSettings(whereabouts, env)
  return {
    baseUrl: ownAddress(given).baseUrl,
    sessions: { redis: redisIn(given) },
    companiesFile: resolve(folder, given.COMPANIES_FILE),
  }
}

const whereabouts = settings.pick({
  ...{ BASE_URL: true, PORT: true, SESSION_STORE: true, COMPANIES_FILE: true },
  ...{ REDIS_URL: true, REDIS_SENTINELS: true },
})
