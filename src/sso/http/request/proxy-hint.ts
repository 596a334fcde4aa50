import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { addressIn } from './visitor-address.ts'

const mend =
  'If a proxy in front of the app ends TLS, set TRUST_PROXY to the number of proxies, or to their addresses; ' +
  'if none does, nothing protects what is sent.'

/**
 * Says once in the process's life that an https `BASE_URL` is reached over plain http by nobody we trust: until
 * TRUST_PROXY is set, the log and the rate limits take the proxy for the visitor, and all visitors for one.
 *
 * @returns middleware that changes nothing
 */
export function proxyHint(logger: Logger): RequestHandler {
  let said = false
  return (req, _res, next) => {
    if (!said && !req.app.get('trust proxy fn')(req.socket.remoteAddress, 0)) {
      said = true
      const forwarded = req.headers['x-forwarded-proto'] !== undefined
      const what = forwarded
        ? 'A request came through a proxy that TRUST_PROXY does not name.'
        : 'BASE_URL is https, and a request came over plain http.'
      logger.warn({ address: addressIn(req.socket.remoteAddress) }, `${what} ${mend}`)
    }
    next()
  }
}
