import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onlyLoopbackHosts } from './loopback-host.ts'

const TRIES_FOR_A_FREE_PORT = 20
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT', 'EINVAL'])

export interface Listening {
  port: number
  /** Answers every request from now on; until then the answer is 503. */
  handle(listener: RequestListener): void
  close(): Promise<void>
}

/**
 * Listens on both loopback addresses and on no other: `localhost` is 127.0.0.1 to some programs and ::1 to others,
 * and a stranger's server on the second address would be taken for ours.
 *
 * @param port 0 for any port that is free on both
 * @throws the listen error (`code`, `port`), with nothing left listening
 */
export async function listenOnLoopback(port: number): Promise<Listening> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenOnBoth(port)
    } catch (error) {
      const collided = port === 0 && codeOf(error) === 'EADDRINUSE'
      if (!collided || tries === TRIES_FOR_A_FREE_PORT) throw error
    }
  }
}

async function listenOnBoth(port: number): Promise<Listening> {
  let answer: RequestListener = (_req, res) => {
    res.writeHead(503).end()
  }
  const servers: Server[] = []
  const open = async (host: string, wanted: number) => {
    const server = createServer(onlyLoopbackHosts((req, res) => answer(req, res)))
    await once(server.listen({ host, port: wanted, exclusive: true }), 'listening')
    servers.push(server)
    return (server.address() as AddressInfo).port
  }
  const close = async () => {
    await Promise.all(servers.map(stop))
  }

  const actual = await open('127.0.0.1', port)
  try {
    await open('::1', actual)
  } catch (error) {
    if (!NO_IPV6.has(codeOf(error) ?? '')) {
      await close()
      throw error
    }
  }
  return {
    port: actual,
    handle(listener) {
      answer = listener
    },
    close,
  }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
