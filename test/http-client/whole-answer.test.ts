import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { networkFault } from '../../src/http-client/network-fault.ts'
import { AnswerTooLongError, httpFetch, wholeAnswer } from '../../src/http-client/whole-answer.ts'

let server: Server | undefined
afterEach(async () => {
  vi.unstubAllGlobals()
  server?.closeAllConnections()
  if (server) await once(server.close(), 'close')
  server = undefined
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await once(server.listen(0, 'localhost'), 'listening')
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}

const callers: Array<[name: string, call: typeof fetch]> = [
  ['fetch', async (...call) => wholeAnswer(await fetch(...call))],
  ['the HTTP client', async (...call) => wholeAnswer(await httpFetch(...call))],
]

describe.each(callers)('an answer that %s reads whole', (_name, call) => {
  const manual = { redirect: 'manual' } as const

  it('a megabyte, is there with its status and headers', async () => {
    const url = await serve((_req, res) =>
      res.writeHead(418, { 'x-kept': 'yes', 'set-cookie': ['a=1', 'b=2'] }).end('x'.repeat(1_000_000)),
    )
    const whole = await call(url, manual)
    expect([whole.status, whole.ok, whole.headers.get('x-kept')]).toEqual([418, false, 'yes'])
    expect(whole.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await whole.text()).toHaveLength(1_000_000)
  })

  it('no body, by its status, is there without one', async () => {
    const whole = await call(await serve((_req, res) => res.writeHead(204).end()), manual)
    expect([whole.status, whole.body]).toEqual([204, null])
  })

  it('to a form, is what was asked for', async () => {
    const asked: unknown[] = []
    const url = await serve(async (req, res) => {
      const { method, url, headers } = req
      asked.push([method, url, headers['x-mine'], headers['content-length'], await text(req)])
      res.end()
    })
    await call(`${url}token?tenant=1`, {
      ...manual,
      method: 'POST',
      headers: { 'X-Mine': 'yes' },
      body: 'code=ü',
    })
    expect(asked).toEqual([['POST', '/token?tenant=1', 'yes', '7', 'code=ü']])
  })

  it('of a redirect, is the redirect', async () => {
    const { status, headers } = await call(
      await serve((_req, res) => res.writeHead(302, { location: '/x' }).end()),
      manual,
    )
    expect([status, headers.get('location')]).toEqual([302, '/x'])
  })

  it('one that never ends, is given up, and so is its connection', async () => {
    let closed: Promise<unknown> | undefined
    const url = await serve((_req, res) => {
      closed = once(res, 'close')
      const more = () => {
        while (!res.destroyed && res.write('x'.repeat(65_536)));
      }
      res.on('drain', more)
      more()
    })
    await expect(call(url, manual)).rejects.toThrow(AnswerTooLongError)
    await closed
  })

  it.each<[when: string, listener: RequestListener]>([
    ['its head', () => {}],
    ['its end', (_req, res) => res.write('{')],
  ])('one that comes in no time, %s, is a timeout', async (_when, listener) => {
    const caught = call(await serve(listener), { ...manual, signal: AbortSignal.timeout(100) }).catch(
      (error: unknown) => error,
    )
    expect(networkFault(await caught).words.en).toBe('no answer in time')
  })

  it('one that breaks off, is no answer', async () => {
    const url = await serve((_req, res) => {
      res.writeHead(200, { 'content-length': 10 })
      res.write('{}', () => res.destroy())
    })
    await expect(call(url, manual).catch((error: unknown) => networkFault(error).words.en)).resolves.toBe(
      'the connection was closed before an answer came',
    )
  })

  it('of another protocol, which nobody asked for, is no answer', async () => {
    const url = await serve(() => {})
    server?.on('connection', (socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'))
    })
    await expect(call(url, manual)).rejects.toThrow()
  })

  it('none, where nothing listens, is named so', async () => {
    const tcp = createTcpServer()
    await once(tcp.listen(0, 'localhost'), 'listening')
    const { port } = tcp.address() as AddressInfo
    await once(tcp.close(), 'close')
    const caught = call(`http://localhost:${port}/`, manual).catch((error: unknown) => error)
    expect(networkFault(await caught).words.en).toBe('connection refused: nothing listens there')
  })
})

it('an answer that is small until it is decompressed, is given up', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000))
  const url = await serve((_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
  await expect(fetch(url).then(wholeAnswer)).rejects.toThrow(AnswerTooLongError)
})

describe('the HTTP client', () => {
  it('asks for nothing compressed, and names an agent', async () => {
    let asked: IncomingMessage['headers'] = {}
    const url = await serve((req, res) => {
      asked = req.headers
      res.end()
    })
    await httpFetch(url, { redirect: 'manual', headers: { Accept: 'application/json' } })
    expect(asked).toMatchObject({
      'accept-encoding': 'identity',
      accept: 'application/json',
      'user-agent': 'node',
    })
  })

  it('asks one after another by one connection', async () => {
    const connections = new Set<unknown>()
    const url = await serve((req, res) => {
      connections.add(req.socket)
      res.end()
    })
    for (let i = 0; i < 3; i++) await httpFetch(url, { redirect: 'manual' })
    expect(connections.size).toBe(1)
  })

  it.each<[what: string, init: RequestInit]>([
    ['a redirect to follow', {}],
    ['a body that is no text', { redirect: 'manual', method: 'POST', body: new URLSearchParams('a=1') }],
  ])('%s, is left to `fetch`', async (_what, init) => {
    const answer = new Response('by fetch')
    const byFetch = vi.fn(async () => answer)
    vi.stubGlobal('fetch', byFetch)
    expect(await httpFetch('http://nowhere.example/', init)).toBe(answer)
    expect(byFetch).toHaveBeenCalledExactlyOnceWith('http://nowhere.example/', init)
  })
})
