import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Milliseconds that requests in flight get to finish. */
const patience = 10_000

/** A server that can stop without cutting anybody off. */
export interface Drain {
  isDraining: () => boolean
  /**
   * Takes no new connection, ends those that wait for nothing, and lets the requests in flight finish; what is
   * left after the limit is cut off.
   *
   * @returns how many answers were cut off
   */
  drain: () => Promise<number>
}

/**
 * Watches a server from its first connection on, so that it can be drained.
 *
 * @param server not yet listening, without a request listener
 * @param limit milliseconds for requests in flight
 */
export function drainable(server: Server, limit = patience): Drain {
  const connections = new Set<Socket>()
  const answers = new Set<ServerResponse>()
  let draining = false
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('request', (_req, res) => {
    if (draining) endAfter(res)
    answers.add(res)
    res.once('close', () => answers.delete(res))
  })

  /** No other request follows on this connection, and the visitor is told (RFC 9112 §9.6). */
  const endAfter = (res: ServerResponse) => {
    if (!res.headersSent) res.setHeader('Connection', 'close')
    else res.once('close', () => setImmediate(() => server.closeIdleConnections()))
  }

  return {
    isDraining: () => draining,
    async drain() {
      draining = true
      const closed = once(server.close(), 'close')
      for (const res of answers) endAfter(res)
      // Browsers connect ahead of need, and Node.js does not count as idle what has not asked anything yet.
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
      let cut = 0
      const timer = setTimeout(() => {
        cut = answers.size
        server.closeAllConnections()
      }, limit)
      await closed
      clearTimeout(timer)
      return cut
    },
  }
}
