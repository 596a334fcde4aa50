import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { drainable } from '../../src/cli/process/drain.ts'

const servers = new Set<Server>()

afterEach(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  servers.clear()
})

/** A server whose answers wait for the test, and that says what a probe would be told. */
async function listening(options?: Parameters<typeof drainable>[1]) {
  const waiting: ServerResponse[] = []
  const server = createServer()
  servers.add(server)
  const { drain, isDraining } = drainable(server, options)
  const listener: RequestListener = (req, res) => {
    if (req.url === '/draining') res.end(`draining: ${isDraining()}`)
    else waiting.push(res)
  }
  server.on('request', listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const dial = async () => {
    const socket = connect(port, '127.0.0.1')
    const heard = { text: '', closed: false }
    socket.on('data', (data) => {
      heard.text += data
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      heard.closed = true
    })
    await Promise.all([once(socket, 'connect'), once(server, 'connection')])
    return { socket, heard }
  }
  const ask = async (socket: Socket, path = '/') => {
    const before = waiting.length
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    if (path === '/') await expect.poll(() => waiting.length).toBe(before + 1)
    else await once(socket, 'data')
  }
  const answer = (text: string) => waiting.shift()?.end(text)
  return { dial, ask, answer, waiting, drain, isDraining }
}

describe('drain', () => {
  it('drain, a request in flight, finishes and says that the connection ends', async () => {
    const { dial, ask, answer, drain } = await listening()
    const { socket, heard } = await dial()
    await ask(socket)
    const drained = drain()
    answer('finished')
    expect(await drained).toBe(0)
    await expect.poll(() => heard.closed).toBe(true)
    expect(heard.text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n[\s\S]*finished$/)
  })

  it('drain, nothing in flight, takes no time and no new connection', async () => {
    const { dial, ask, drain } = await listening()
    const idle = await dial()
    await ask(idle.socket, '/draining')
    const silent = await dial() // as browsers connect ahead of need
    expect(idle.heard.text).toContain('Connection: keep-alive')
    const started = performance.now()
    await drain()
    expect(performance.now() - started).toBeLessThan(1000)
    await expect.poll(() => idle.heard.closed && silent.heard.closed).toBe(true)
    await expect(dial()).rejects.toThrow('ECONNREFUSED')
  })

  it('drain, a request that is just arriving, is answered as by one who leaves', async () => {
    const { dial, ask, drain, isDraining } = await listening()
    const { socket, heard } = await dial()
    await ask(socket, '/draining')
    expect(heard.text).toContain('draining: false')
    const head = 'GET /draining HTTP/1.1\r\n'
    const arriving = await dial()
    arriving.socket.write(head)
    socket.write(head)
    // An answer to a third connection: by then the bytes of the two have been read.
    const third = await dial()
    await ask(third.socket, '/draining')
    const drained = drain()
    expect(isDraining()).toBe(true)
    for (const each of [socket, arriving.socket]) each.write('Host: a\r\n\r\n')
    expect(await drained).toBe(0)
    await expect.poll(() => heard.closed && arriving.heard.closed).toBe(true)
    for (const text of [heard.text, arriving.heard.text]) {
      expect(text).toMatch(/Connection: close\r\n[\s\S]*draining: true$/)
    }
  })

  it('drain, an answer under way on a connection that would stay, ends the connection with it', async () => {
    const { dial, ask, answer, waiting, drain } = await listening()
    const { socket, heard } = await dial()
    await ask(socket)
    waiting[0]?.write('begun')
    await expect.poll(() => heard.text).toContain('begun')
    const started = performance.now()
    const drained = drain()
    answer('ended')
    expect(await drained).toBe(0)
    expect(performance.now() - started).toBeLessThan(1000)
    await expect.poll(() => heard.closed).toBe(true)
    expect(heard.text).toContain('ended')
  })

  it('drain, while it is open still, takes connections, and each answer ends its own', async () => {
    const { dial, ask, drain } = await listening({ open: 1000 })
    const kept = await dial()
    await ask(kept.socket, '/draining')
    const drained = drain()
    const late = await dial()
    await ask(late.socket, '/draining')
    await expect.poll(() => late.heard.closed).toBe(true)
    expect(kept.heard.closed).toBe(false) // a proxy may just be sending on it
    await ask(kept.socket, '/draining')
    for (const { text } of [late.heard, kept.heard]) {
      expect(text).toMatch(/Connection: close\r\n[\s\S]*draining: true$/)
    }
    expect(await drained).toBe(0)
    await expect(dial()).rejects.toThrow('ECONNREFUSED')
  })

  it('drain, a request whose visitor has gone, is finished first', async () => {
    const { dial, ask, answer, drain } = await listening()
    const { socket, heard } = await dial()
    await ask(socket)
    socket.destroy()
    await expect.poll(() => heard.closed).toBe(true)
    let isDrained = false
    const drained = drain().finally(() => {
      isDrained = true
    })
    await expect(dial()).rejects.toThrow('ECONNREFUSED')
    await ask((await listening().then((other) => other.dial())).socket, '/draining') // turns of the event loop
    expect(isDrained).toBe(false)
    answer('saved')
    expect(await drained).toBe(0)
  })

  it('drain, requests that never end, are cut off at the limit and counted', async () => {
    const { dial, ask, drain } = await listening({ limit: 200 })
    await ask((await dial()).socket, '/draining') // answered, and no longer of interest
    for (let n = 0; n < 2; n++) await ask((await dial()).socket)
    const half = await dial()
    half.socket.write('GET / HT')
    const started = performance.now()
    expect(await drain()).toBe(2)
    expect(performance.now() - started).toBeGreaterThan(190)
    await expect.poll(() => half.heard.closed).toBe(true)
  })
})
