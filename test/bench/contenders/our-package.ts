import type { AppConfig } from '../../../src/settings/config.ts'
import { cookieSecret, type Setup } from './contender.ts'

/** A module of `src/` as it was built. @param name its file in `dist/` */
export const built = <T>(name: string): Promise<T> =>
  import(new URL(`../../../dist/${name}`, import.meta.url).href)

/** The settings as in production; only the addresses are on http, which production would refuse in the environment. */
export async function configOf({ baseUrl, logto, redisUrl, settings }: Setup): Promise<AppConfig> {
  const { loadConfig } = await built<typeof import('../../../src/sso/index.ts')>('sso/index.js')
  const config = loadConfig({
    BASE_URL: baseUrl,
    SESSION_SECRET: cookieSecret,
    LOGTO_ENDPOINT: logto.endpoint,
    LOGTO_APP_ID: logto.appId,
    LOGTO_APP_SECRET: logto.appSecret,
    // Counted as ever, but all of the load comes from one address.
    RATE_LIMIT: '1000000',
    ...(redisUrl ? { SESSION_STORE: 'redis', REDIS_URL: redisUrl } : { SESSION_STORE: 'memory' }),
    ...settings,
  })
  return { ...config, production: true, logto }
}
