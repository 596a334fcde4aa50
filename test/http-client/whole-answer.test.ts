import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { AnswerTooLongError, wholeAnswer } from '../../src/http-client/whole-answer.ts'

let server: Server | undefined
afterEach(async () => {
  server?.closeAllConnections()
  if (server) await once(server.close(), 'close')
  server = undefined
})

async function answerOf(listener: RequestListener): Promise<Response> {
  server = createServer(listener)
  await once(server.listen(0, 'localhost'), 'listening')
  return fetch(`http://localhost:${(server.address() as AddressInfo).port}/`)
}

describe('an answer that is read whole', () => {
  it('a megabyte, is there with its status and headers', async () => {
    const response = await answerOf((_req, res) =>
      res.writeHead(418, { 'x-kept': 'yes' }).end('x'.repeat(1_000_000)),
    )
    const whole = await wholeAnswer(response)
    expect([whole.status, whole.headers.get('x-kept')]).toEqual([418, 'yes'])
    expect(await whole.text()).toHaveLength(1_000_000)
  })

  it('no body, by its status, is there without one', async () => {
    const whole = await wholeAnswer(await answerOf((_req, res) => res.writeHead(204).end()))
    expect([whole.status, whole.body]).toEqual([204, null])
  })

  it('one that never ends, is given up, and so is its connection', async () => {
    let closed: Promise<unknown> | undefined
    const response = await answerOf((_req, res) => {
      closed = once(res, 'close')
      const more = () => {
        while (!res.destroyed && res.write('x'.repeat(65_536)));
      }
      res.on('drain', more)
      more()
    })
    await expect(wholeAnswer(response)).rejects.toThrow(AnswerTooLongError)
    await closed
  })

  it('one that is small until it is decompressed, is given up', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const response = await answerOf((_req, res) =>
      res.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    )
    await expect(wholeAnswer(response)).rejects.toThrow(AnswerTooLongError)
  })
})
