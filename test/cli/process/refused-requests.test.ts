import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { answerRefusedRequests } from '../../../src/cli/process/refused-requests.ts'

const servers = new Set<Server>()

afterEach(() => {
  for (const server of servers) server.close().closeAllConnections()
  servers.clear()
})

async function listening(
  listener: RequestListener = (_req, res) => void res.end('hello'),
  options: Parameters<typeof createServer>[0] = {},
) {
  const logs: Record<string, unknown>[] = []
  const server = createServer(options)
  servers.add(server)
  answerRefusedRequests(server, pino({}, { write: (line: string) => logs.push(JSON.parse(line)) }))
  server.on('request', listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { server, logs, dial: () => connect(port, '127.0.0.1') }
}

/** Everything a connection says until it ends. */
async function allOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (data) => {
    text += data
  })
  socket.on('error', () => undefined)
  await once(socket, 'close')
  return text
}

const good = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const refused: Array<[what: string, sent: string, status: number, code: string]> = [
  [
    'headers too long',
    `GET / HTTP/1.1\r\nHost: a\r\nCookie: secret=${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'HPE_HEADER_OVERFLOW',
  ],
  [
    'headers far too long',
    `GET / HTTP/1.1\r\nHost: a\r\nCookie: secret=${'x'.repeat(400_000)}\r\n\r\n`,
    431,
    'HPE_HEADER_OVERFLOW',
  ],
  [
    'an address too long',
    `GET /?code=secret${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    431,
    'HPE_HEADER_OVERFLOW',
  ],
  ['no HTTP at all', '\x16\x03\x01secret\r\n\r\n', 400, 'HPE_INVALID_METHOD'],
  [
    'a header without a name',
    'GET / HTTP/1.1\r\nHost: a\r\n: secret\r\n\r\n',
    400,
    'HPE_INVALID_HEADER_TOKEN',
  ],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nsecret',
    400,
    'HPE_UNEXPECTED_CONTENT_LENGTH',
  ],
]

describe('requests that Node.js refuses', () => {
  it.each(refused)(
    'refused, %s, is answered, logged in one line and ended',
    async (_, sent, status, code) => {
      const { dial, logs } = await listening()
      const socket = dial()
      socket.write(sent)
      const answer = await allOf(socket)
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      expect(answer).toContain('\r\nConnection: close\r\n')
      const [head = '', body = ''] = answer.split('\r\n\r\n')
      expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(Buffer.byteLength(body))
      expect(logs).toEqual([
        expect.objectContaining({ level: 40, code, address: '127.0.0.1', res: { status } }),
      ])
      expect(body).toContain(`Reference ${logs[0]?.reference}`)
      expect(logs[0]?.reference).toMatch(/^[0-9a-f]{10}$/)
      expect(JSON.stringify(logs) + answer).not.toMatch(/secret|xxx|x16/)
    },
  )

  it('refused, headers that do not come, is a 408', async () => {
    const { dial, logs } = await listening(undefined, {
      headersTimeout: 50,
      requestTimeout: 100,
      connectionsCheckingInterval: 20,
    })
    const socket = dial()
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n')
    expect(await allOf(socket)).toMatch(/^HTTP\/1\.1 408 /)
    expect(logs).toEqual([expect.objectContaining({ level: 40, code: 'ERR_HTTP_REQUEST_TIMEOUT' })])
  })

  it('refused, the connection behind an answer, leaves that answer whole', async () => {
    const { dial, logs } = await listening()
    const socket = dial()
    const all = allOf(socket)
    socket.write(good)
    await once(socket, 'data')
    socket.write('rubbish\r\n\r\n')
    expect((await all).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
    expect(logs).toHaveLength(1)
  })

  it('refused, in the middle of an answer, is cut and never mixed into it', async () => {
    const { dial, logs } = await listening((_req, res) => void res.write('half'))
    const socket = dial()
    const all = allOf(socket)
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    await once(socket, 'data')
    socket.write('rubbish\r\n\r\n')
    const answer = await all
    expect(answer).toContain('half')
    expect(answer).not.toContain('HTTP/1.1 400')
    expect(logs).toHaveLength(1)
  })

  it('refused, visitors who are gone already, are no line and no harm', async () => {
    const { dial, logs, server } = await listening()
    const codes: string[] = []
    server.on('clientError', (error: NodeJS.ErrnoException) => codes.push(error.code ?? ''))
    const socket = dial()
    socket.on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\nHo')
    const [connection] = await once(server, 'connection')
    await expect.poll(() => connection.bytesRead).toBeGreaterThan(0)
    socket.resetAndDestroy()
    await expect.poll(() => codes).toEqual(['ECONNRESET'])
    const ended = dial()
    const [other] = await once(server, 'connection')
    other.destroy()
    server.emit('clientError', Object.assign(new Error('late'), { code: 'HPE_INVALID_METHOD' }), other)
    expect(logs).toEqual([])
    ended.destroy()
    const next = dial()
    next.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await allOf(next)).toContain('hello')
  })

  it('refused, somebody who goes on sending, is cut off', async () => {
    const { dial, logs } = await listening()
    const socket = dial()
    const all = allOf(socket)
    const flood = () => {
      if (!socket.destroyed) socket.write('x'.repeat(10_000), () => setImmediate(flood))
    }
    flood()
    expect(await all).toMatch(/^HTTP\/1\.1 400 /)
    expect(logs).toHaveLength(1)
  })

  it('refused, somebody who reads the answer only after sending the rest, gets it', async () => {
    const { dial, logs } = await listening()
    const socket = dial().pause()
    const send = () => new Promise<void>((resolve) => socket.write('x'.repeat(20_000), () => resolve()))
    await send()
    await expect.poll(() => logs).toHaveLength(1)
    for (let more = 0; more < 20; more++) {
      await send()
      await new Promise(setImmediate)
    }
    const all = allOf(socket)
    socket.resume()
    expect(await all).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('refused, somebody who neither reads nor leaves, is cut off', async () => {
    const { dial, server } = await listening()
    const socket = dial().pause()
    socket.on('error', () => undefined)
    const [connection] = await once(server, 'connection')
    socket.write('rubbish\r\n\r\n')
    await expect.poll(() => connection.destroyed).toBe(true)
    socket.destroy()
  })
})
