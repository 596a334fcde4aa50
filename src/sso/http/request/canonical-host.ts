import type { Request, Response } from 'express'
import { hostChecked } from '../../addresses.ts'
import { seeOther } from '../answer.ts'
import type { Logger } from '../logger.ts'
import { visitorHost } from './visitor-address.ts'

/**
 * Sends whoever came by another name of this host (127.0.0.1 for localhost, a second DNS name) to the same path and
 * query at `BASE_URL`, since the callback arrives there and the cookies of the other name do not. Where even a
 * redirected request has another host, a proxy rewrites it: that is said once, and the request goes on.
 *
 * @param baseUrl the one source of the target; the request's own host is never given out
 * @returns a function that tells whether it has sent the browser on
 */
export function canonicalHost(
  { baseUrl }: { readonly baseUrl: string },
  logger: Logger,
): (req: Request, res: Response) => boolean {
  const { host, hostname } = new URL(baseUrl)
  let said = false
  return (req, res) => {
    // Ports do not matter: cookies are for all of a host's (RFC 6265 §8.5).
    if (req.method !== 'GET' || visitorHost(req) === host || hostnameOf(req) === hostname) return false
    if (req.query[hostChecked] === undefined) {
      seeOther(res, elsewhere(req))
      return true
    }
    if (!said) {
      said = true
      logger.warn(
        {},
        `Requests to BASE_URL arrive with another host than ${hostname}: have the proxy pass Host on as it is, ` +
          'or send X-Forwarded-Host and be named in TRUST_PROXY; else correct BASE_URL.',
      )
    }
    return false
  }

  function elsewhere(req: Request): string {
    const url = new URL(baseUrl + req.path)
    const query = req.originalUrl.replace(/^[^?]*\??/, '')
    // First, where nothing that follows can hide it.
    url.search = `${hostChecked}=1${query && `&${query}`}`
    return url.href
  }
}

/** The host the visitor asked for, without its port. */
function hostnameOf(req: Request): string | undefined {
  const url = `http://${visitorHost(req)}`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}
