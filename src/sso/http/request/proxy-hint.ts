import type { Request } from 'express'
import { recordOf } from '../../request.ts'
import type { Logger } from '../logger.ts'
import { addressIn } from './visitor.ts'

const fix =
  'If a proxy in front of the app ends TLS, set TRUST_PROXY to the number of proxies, or to their addresses; ' +
  'if none does, nothing protects what is sent.'

/**
 * Says once in the process's life that an https `BASE_URL` is reached over plain http by nobody we trust: until
 * TRUST_PROXY is set, the log and the rate limits take the proxy for the visitor, and all visitors for one.
 *
 * @returns a function that looks at a request
 */
export function proxyHint(logger: Logger): (req: Request) => void {
  let said = false
  return (req) => {
    if (!said && !recordOf(req).trusts(req.socket.remoteAddress, 0)) {
      said = true
      const forwarded = req.headers['x-forwarded-proto'] !== undefined
      const what = forwarded
        ? 'A request came through a proxy that TRUST_PROXY does not name.'
        : 'BASE_URL is https, and a request came over plain http.'
      logger.warn({ address: addressIn(req.socket.remoteAddress) }, `${what} ${fix}`)
    }
  }
}
