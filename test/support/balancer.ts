import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A load balancer before several processes, as plain as they come. */
export interface Balancer {
  url: string
  /** Where requests go, in turn; one that refuses the connection is passed over. */
  targets: number[]
  close: () => Promise<void>
}

/** Starts a balancer on a free port. It keeps the `Host` and names the visitor in `X-Forwarded-For`. */
export async function startBalancer(): Promise<Balancer> {
  const targets: number[] = []
  let turn = 0
  const server = createServer((req, res) => {
    const body: Buffer[] = []
    req.on('data', (chunk) => body.push(chunk))
    req.on('end', () => attempt(turn++, targets.length))

    function attempt(index: number, left: number): void {
      if (left === 0) {
        res.writeHead(502).end('no process answers')
        return
      }
      const port = targets[index % targets.length]
      const headers = { ...req.headers, 'x-forwarded-for': req.socket.remoteAddress, connection: 'close' }
      const onward = request({ host: '127.0.0.1', port, path: req.url, method: req.method, headers })
      onward.on('response', (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(res)
        answer.on('error', () => res.destroy())
      })
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') attempt(index + 1, left - 1)
        else if (res.headersSent) res.destroy()
        else res.writeHead(502).end('the process went away')
      })
      onward.end(Buffer.concat(body))
    }
  })
  await once(server.listen(0, 'localhost'), 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://localhost:${port}`, targets, close: () => closeServer(server) }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server.close(), 'close')
  server.closeAllConnections()
  await closed
}
