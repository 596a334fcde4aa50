import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { hammer } from './load/hammer.ts'
import { QuickBrowser } from './load/quick-browser.ts'

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** Answers well, but for every twentieth request. */
function oddOneOut(odd: { status?: number; text?: string }): RequestListener {
  let count = 0
  return (_req, res) => {
    const { status = 200, text = 'a page' } = ++count % 20 === 0 ? odd : {}
    res.writeHead(status).end(text)
  }
}

const shoot = (url: string, text: string | string[] = 'a page') =>
  hammer({ url, headers: {}, expected: { status: 200, text }, connections: 4, amount: { requests: 100 } })

describe('the load generator', () => {
  it('answers, all as expected, are counted', async () => {
    const { answers, rate } = await shoot(await serve(oddOneOut({})))
    expect(answers).toBe(100)
    expect(rate).toBeGreaterThan(0)
  })

  it('answers, of a status none expects, are an error even with the right text', async () => {
    await expect(shoot(await serve(oddOneOut({ status: 500 })))).rejects.toThrow(
      'status 200, 500, expected 200',
    )
  })

  it('answers, one in twenty with another text, are an error that shows it', async () => {
    const url = await serve(oddOneOut({ text: 'somebody else’s page' }))
    await expect(shoot(url)).rejects.toThrow(/5 had another text.*somebody else’s page/)
  })

  it('answers, words expected, need every one of them', async () => {
    const url = await serve(oddOneOut({ text: 'a pa' }))
    await expect(shoot(url, ['a', 'pa'])).resolves.toMatchObject({ answers: 100 })
    await expect(shoot(url, ['a', 'page'])).rejects.toThrow('had another text')
  })

  it('browser, cookies set, changed and taken back, sends those that are left', async () => {
    const url = await serve((req, res) => {
      if (req.url === '/set') res.setHeader('set-cookie', ['a=1; Path=/', 'b=2', 'c=x=y'])
      if (req.url === '/change') res.setHeader('set-cookie', ['a=; Max-Age=0', 'b=3'])
      res.end(req.headers.cookie)
    })
    const browser = new QuickBrowser()
    await browser.get(`${url}set`)
    expect((await browser.get(url)).body).toBe('a=1; b=2; c=x=y')
    await browser.get(`${url}change`)
    expect((await browser.get(url)).body).toBe('b=3; c=x=y')
  })
})
