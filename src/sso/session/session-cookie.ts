import type { Config } from '../../settings/config.ts'
import { appTag } from '../../settings/values/app-tag.ts'

/** The name and the attributes of a cookie of ours. */
export interface CookieShape {
  readonly name: string
  readonly options: Readonly<{ httpOnly: true; sameSite: 'lax'; secure: boolean; path: string }>
}

/**
 * A cookie of ours: unreadable for scripts, not sent with requests other sites make except plain navigations, and
 * on https bound to this very host by the `__Host-` prefix (RFC 6265bis §4.1.3.2), which wants `Secure` and `Path=/`.
 *
 * @param config decides by `baseUrl` whether the cookie is Secure; the request is never asked
 * @param name the cookie's name without prefix; what comes before it keeps it from a host app's own, and from those of
 *   this product in another app
 */
export function cookieShape(config: Pick<Config, 'baseUrl'>, name: string): CookieShape {
  const secure = config.baseUrl.startsWith('https:')
  return {
    name: `${secure ? '__Host-' : ''}sso_${appTag(config)}_${name}`,
    options: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
  }
}

/** The cookie that names a browser's session. */
export const sessionCookie = (config: Pick<Config, 'baseUrl'>) => cookieShape(config, 'session')
