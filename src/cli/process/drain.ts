import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds that requests in flight get to finish. */
const patience = 10_000

/** How often is looked whether work has ended whose visitor is gone, in milliseconds. */
const look = 10

/** A server that can stop without cutting anybody off. */
export interface Drain {
  isDraining: () => boolean
  /**
   * For a while it goes on as ever, but that each answer ends its connection: whoever sends requests here has time to
   * learn that others should be asked. Then it takes no new connection, ends those that wait for nothing, and lets the
   * requests in flight finish, also where the visitor is gone; what is left after the limit is cut off.
   *
   * @returns how many were cut off
   */
  drain: () => Promise<number>
}

/**
 * Watches a server from its first connection on, so that it can be drained.
 *
 * @param server not yet listening, without a request listener
 * @param options.open milliseconds for which it still takes connections
 * @param options.limit milliseconds for requests in flight after that
 */
export function drainable(server: Server, { open = 0, limit = patience } = {}): Drain {
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
    res.once('close', () => {
      // Whoever leaves does not stop the work: tokens that Logto has just renewed are still to be saved.
      if (res.writableEnded) answers.delete(res)
      else setTimeout(() => answers.delete(res), limit).unref()
    })
  })

  /** No other request follows on this connection, and the visitor is told (RFC 9112 §9.6). */
  const endAfter = (res: ServerResponse) => {
    if (!res.headersSent) res.setHeader('Connection', 'close')
  }
  const unfinished = () => [...answers].filter((res) => !res.writableEnded)

  return {
    isDraining: () => draining,
    async drain() {
      draining = true
      for (const res of answers) endAfter(res)
      if (open > 0) await pause(open)
      const closed = once(server.close(), 'close')
      for (const res of answers) res.once('close', () => setImmediate(() => server.closeIdleConnections()))
      // Browsers connect ahead of need, and Node.js does not count as idle what has not asked anything yet.
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
      let cut = 0
      const timer = setTimeout(() => {
        cut = unfinished().length
        server.closeAllConnections()
        answers.clear()
      }, limit)
      await closed
      while (unfinished().length > 0) await pause(look)
      clearTimeout(timer)
      return cut
    },
  }
}
