import type { RequestListener } from 'node:http'

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i
const MISDIRECTED_REQUEST = 421

/**
 * Answers only what was meant for this machine. A page elsewhere can have its own name point at loopback (DNS
 * rebinding) and would then read the sandbox as its own origin; the `Host` header is what gives it away.
 */
export function onlyLoopbackHosts(answer: RequestListener): RequestListener {
  return (req, res) => {
    if (LOOPBACK.test(req.headers.host ?? '')) return answer(req, res)
    res.writeHead(MISDIRECTED_REQUEST).end()
  }
}
