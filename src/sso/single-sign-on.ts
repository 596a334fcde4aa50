import { filePlace, LiveCompanies, redisPlace, watchCompanies } from '../companies/index.ts'
import type { AppConfig, Config } from '../settings/config.ts'
import { ConfigError } from '../settings/parse.ts'
import { withoutLogto } from '../settings/rules.ts'
import { redisPlaceName } from '../settings/values/redis-address.ts'
import { composeSingleSignOn } from './compose.ts'
import type { SingleSignOn } from './interface.ts'
import { checkOptions, type Options } from './options.ts'
import type { connectRedis } from './redis/redis-connection.ts'
import { memoryBackend } from './session/backend/memory-backend.ts'
import { redisBackend } from './session/backend/redis-backend.ts'
import { openTelemetry } from './telemetry/open-telemetry.ts'

/**
 * Single sign-on for an Express app of one's own, whose parsers, views, sessions, settings and error handlers stay as
 * they are.
 *
 * @param config the settings, as `loadConfig` has checked them
 * @throws ConfigError where no Logto is set; TypeError for options that are none; whatever keeps `REDIS_URL` from
 *   being connected to
 */
export async function singleSignOn(config: Config, options: Options): Promise<SingleSignOn> {
  if (!hasLogto(config)) throw new ConfigError(withoutLogto())
  checkOptions(options)
  const telemetry = await openTelemetry()
  const { redis: at } = config.sessions
  const redis = at && (await connectTo({ ...at, baseUrl: config.baseUrl }, options.logger, telemetry))
  const backend = redis ? redisBackend(redis, config.sessions) : memoryBackend(config.sessions)
  const companies = new LiveCompanies(config.connectors)
  const place =
    options.companies ??
    (redis
      ? redisPlace(redis, { name: redisPlaceName(at), close: async () => {} })
      : filePlace(config.companiesFile))
  let counted = 0
  const count = () => {
    telemetry.change('sso.companies', companies.size - counted)
    counted = companies.size
  }
  const stop = await watchCompanies(companies, place, options.logger, { changed: count })
  count()
  return composeSingleSignOn(
    { ...config, companies },
    {
      backend,
      ...options,
      telemetry,
      shared: redis,
      async close() {
        stop()
        await redis?.close()
      },
    },
  )
}

/** The client of Redis takes longer to load than all of this: a process without Redis goes without it. */
const connectTo: typeof connectRedis = async (...args) =>
  (await import('./redis/redis-connection.ts')).connectRedis(...args)

const hasLogto = (config: Config): config is AppConfig => config.logto !== undefined
