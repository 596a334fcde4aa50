import { resolve } from 'node:path'
import { createClient, type RedisClientType } from '@redis/client'
import { type Environment, parseSettings } from '../settings/parse.ts'
import { settings } from '../settings/settings.ts'
import { keyPrefix } from '../settings/values/app-tag.ts'
import { ownAddress } from '../settings/values/own-address.ts'
import { CompaniesError, phrase } from './companies-error.ts'
import { filePlace } from './file-place.ts'
import type { Place } from './place.ts'
import { redisPlace } from './redis-place.ts'

/** Limit of one step, in milliseconds. */
const limit = 5000

/** What of the config says where companies live. */
export interface Whereabouts {
  readonly baseUrl: string
  readonly sessions: { readonly redisUrl: string | undefined }
  readonly companiesFile: string
}

/**
 * Opens the place of an app's companies, for a command: it is asked a few times and left. The app itself has a
 * connection to Redis already, for `redisPlace`.
 *
 * @throws CompaniesError where Redis does not answer
 */
export async function openPlace({ baseUrl, sessions, companiesFile }: Whereabouts): Promise<Place> {
  const { redisUrl: url } = sessions
  if (url === undefined) return filePlace(companiesFile)
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: limit },
    socket: { connectTimeout: limit, reconnectStrategy: false },
  })
  const name = placeName(url)
  const away = (cause: unknown): never => {
    throw new CompaniesError(
      phrase`Redis at ${name} does not take the companies (${(cause as Error).message}).`,
      phrase`Start it, or correct REDIS_URL.`,
      { cause },
    )
  }
  client.on('error', () => {}) // the command that it keeps from an answer says so
  await client.connect().catch(away)
  return redisPlace(
    { prefix: keyPrefix({ baseUrl }), run: (commands) => commands(client).catch(away) },
    { name, close: async () => client.destroy() },
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
  const redisUrl = given.SESSION_STORE === 'memory' ? undefined : given.REDIS_URL
  return {
    baseUrl: ownAddress(given).baseUrl,
    sessions: { redisUrl },
    companiesFile: resolve(folder, given.COMPANIES_FILE),
  }
}

const whereabouts = settings.pick({
  ...{ BASE_URL: true, PORT: true, REDIS_URL: true, SESSION_STORE: true, COMPANIES_FILE: true },
})

/** An address of Redis without what opens it. */
export function placeName(url: string): string {
  const { host, pathname } = new URL(url)
  return host + pathname
}
