import { type Logger, pino } from 'pino'
import type { Config } from '../../../src/settings/config.ts'
import { type Contender, cookieSecret, type Setup } from './contender.ts'

/**
 * This app as production runs it, from what was built: its log line for every request, headers, sessions, limits.
 * Only the addresses are on http, which production would refuse in the environment.
 */
export const contender: Contender = async (setup) => {
  const built = (name: string) => import(new URL(`../../../dist/${name}`, import.meta.url).href)
  const { createApp } = (await built('demo/app.js')) as typeof import('../../../src/demo/app.ts')
  const { loadConfig } = (await built(
    'settings/config.js',
  )) as typeof import('../../../src/settings/config.ts')
  const config = loadConfig(environment(setup))
  const logger = pino({ level: config.logLevel })
  return createApp(
    { ...config, production: true, logto: setup.logto },
    { logger, ...(setup.redisUrl && (await inRedis(setup.redisUrl, config, logger))) },
  )

  /** As `server.ts` does it. */
  async function inRedis(url: string, config: Config, logger: Logger) {
    const { connectRedis } = (await built(
      'sso/redis/redis-connection.js',
    )) as typeof import('../../../src/sso/redis/redis-connection.ts')
    const { redisRows } = (await built(
      'sso/session/backend/redis-backend.js',
    )) as typeof import('../../../src/sso/session/backend/redis-backend.ts')
    const redis = await connectRedis({ ...config, url }, logger)
    return { rows: redisRows(redis, config.sessions), shared: redis }
  }
}

function environment({ baseUrl, logto, redisUrl }: Setup): Record<string, string> {
  return {
    BASE_URL: baseUrl,
    SESSION_SECRET: cookieSecret,
    LOGTO_ENDPOINT: logto.endpoint,
    LOGTO_APP_ID: logto.appId,
    LOGTO_APP_SECRET: logto.appSecret,
    // Counted as ever, but all of the load comes from one address.
    RATE_LIMIT: '1000000',
    ...(redisUrl ? { SESSION_STORE: 'redis', REDIS_URL: redisUrl } : { SESSION_STORE: 'memory' }),
  }
}
