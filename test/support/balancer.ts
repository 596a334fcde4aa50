import { once } from 'node:events'
import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A load balancer before several processes, as plain as they come. */
export interface Balancer {
  url: string
  /** Where requests go, in turn; one that refuses the connection is passed over. */
  targets: number[]
  /** How many requests were sent a second time, since the connection that was kept for them had been closed. */
  repeated: () => number
  close: () => Promise<void>
}

/**
 * Starts a balancer on a free port. It keeps connections, as they all do, and the `Host`, and names the visitor in
 * `X-Forwarded-For`. What is safe to repeat (RFC 9110 §9.2.2) it sends again where a kept connection is gone.
 */
export async function startBalancer(): Promise<Balancer> {
  const targets: number[] = []
  const agent = new Agent({ keepAlive: true })
  let turn = 0
  let repeated = 0
  // Who visits ends a connection, never this end: a request just sent on it would be lost, and say nothing of the app.
  const server = createServer({ keepAliveTimeout: 0 }, (req, res) => {
    const body: Buffer[] = []
    req.on('data', (chunk) => body.push(chunk))
    req.on('end', () => attempt(turn++, targets.length))

    function attempt(index: number, left: number): void {
      if (left === 0) {
        res.writeHead(502).end('no process answers')
        return
      }
      const port = targets[index % targets.length]
      const { connection: _, ...kept } = req.headers
      const headers = { ...kept, 'x-forwarded-for': req.socket.remoteAddress }
      const onward = request({ agent, host: '127.0.0.1', port, path: req.url, method: req.method, headers })
      onward.on('response', (answer) => {
        // How long a connection lasts is between two neighbours (RFC 9110 §7.6.1).
        const { connection: _, 'keep-alive': __, ...passed } = answer.headers
        res.writeHead(answer.statusCode ?? 502, passed)
        answer.pipe(res)
        answer.on('error', () => res.destroy())
      })
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') attempt(index + 1, left - 1)
        else if (res.headersSent) res.destroy()
        else if (onward.reusedSocket && /^(GET|HEAD)$/.test(req.method ?? '')) {
          repeated++
          attempt(index, left)
        } else res.writeHead(502).end('the process went away')
      })
      onward.end(Buffer.concat(body))
    }
  })
  await once(server.listen(0, 'localhost'), 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    agent.destroy()
    await closeServer(server)
  }
  return { url: `http://localhost:${port}`, targets, repeated: () => repeated, close }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server.close(), 'close')
  server.closeAllConnections()
  await closed
}
