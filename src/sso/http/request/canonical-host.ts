import type { Request, RequestHandler } from 'express'
import type { Logger } from 'pino'
import { seeOther } from '../answer/see-other.ts'

/** The parameter that marks a request as redirected already. */
export const hostChecked = 'host_checked'

/**
 * Sends whoever came by another name of this host (127.0.0.1 for localhost, a second DNS name) to the same path and
 * query at `BASE_URL`, since the callback arrives there and the cookies of the other name do not. Where even a
 * redirected request has another host, a proxy rewrites it: that is said once, and the request goes on.
 *
 * @param baseUrl the one source of the target; the request's own host is never given out
 * @returns middleware for routes that a visitor gets; other methods pass
 */
export function baseUrlOnly({ baseUrl }: { readonly baseUrl: string }, logger: Logger): RequestHandler {
  const { host, hostname } = new URL(baseUrl)
  let said = false
  return (req, res, next) => {
    // Ports do not matter: cookies are for all of a host's (RFC 6265 §8.5).
    if (req.method !== 'GET' || req.host === host || hostnameOf(req) === hostname) return next()
    if (req.query[hostChecked] === undefined) return seeOther(res, elsewhere(req))
    if (!said) {
      said = true
      logger.warn(
        `Requests to BASE_URL arrive with another host than ${hostname}: have the proxy pass Host on as it is, ` +
          'or send X-Forwarded-Host and be named in TRUST_PROXY; else correct BASE_URL.',
      )
    }
    next()
  }

  function elsewhere(req: Request): string {
    const url = new URL(baseUrl + req.path)
    const query = req.originalUrl.replace(/^[^?]*\??/, '')
    // First, where nothing that follows can hide it.
    url.search = `${hostChecked}=1${query && `&${query}`}`
    return url.href
  }
}

/** The host the visitor asked for, without its port; a trusted proxy may say so in `X-Forwarded-Host`. */
function hostnameOf(req: Request): string | undefined {
  const url = `http://${req.host}`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}
