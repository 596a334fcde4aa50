import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** An HTTP proxy on loopback, as a company has one between its servers and everybody else's. */
export interface ProxyServer {
  url: string
  /** Whom it was asked to connect to, as host and port. */
  asked: string[]
  /** What it was told of who asks. */
  credentials: Set<string | undefined>
  close: () => Promise<void>
}

/**
 * Starts a proxy that only opens tunnels (RFC 9110 §9.3.6).
 *
 * @param portOf where a host is, by host and port; undefined for one that it refuses
 */
export async function startProxy(portOf: (host: string) => number | undefined): Promise<ProxyServer> {
  const sockets = new Set<Socket>()
  const asked: string[] = []
  const credentials = new Set<string | undefined>()
  const server = createServer((_req, res) => res.writeHead(501).end())
  server.on('connect', ({ url: host = '', headers }, socket: Socket) => {
    sockets.add(socket)
    asked.push(host)
    credentials.add(headers['proxy-authorization'])
    const port = portOf(host)
    if (port === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    const onward = connect(port, 'localhost', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    for (const end of [socket, onward]) end.on('error', () => [socket, onward].map((one) => one.destroy()))
  })
  await once(server.listen(0, 'localhost'), 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    credentials,
    async close() {
      for (const socket of sockets) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}
