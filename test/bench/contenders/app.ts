import { pino } from 'pino'
import { type Contender, cookieSecret, type Setup } from './contender.ts'

/**
 * This app as production runs it, from what was built: its log line for every request, headers, sessions, limits.
 * Only the addresses are on http, which production would refuse in the environment.
 */
export const contender: Contender = async (setup) => {
  const built = (name: string) => import(new URL(`../../../dist/${name}`, import.meta.url).href)
  const { createApp } = (await built('demo/app.js')) as typeof import('../../../src/demo/app.ts')
  const { demoWords } = (await built('demo/words.js')) as typeof import('../../../src/demo/words.ts')
  const { loadConfig, singleSignOn } = (await built(
    'sso/index.js',
  )) as typeof import('../../../src/sso/index.ts')
  const config = { ...loadConfig(environment(setup)), production: true, logto: setup.logto }
  const logger = pino({ level: config.logLevel })
  return createApp(config, { sso: await singleSignOn(config, { logger, words: demoWords, errors: 'all' }) })
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
