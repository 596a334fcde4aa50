import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { contender } from '../contenders/host.ts'
import { application, instantIssuer } from '../issuer/issuer.ts'
import { QuickBrowser } from '../load/quick-browser.ts'
import { answerParent } from '../processes/commands.ts'
import { filesRun } from './coverage.ts'

/** Requests before the one that counts: by then all that is made once is made. */
const warmUp = 5

/** A process with a host, an issuer that asks nothing and a browser. */
const commands = {
  /** @returns the files of `src/` of which a function runs while one request is answered, by request */
  async count(): Promise<Record<'signIn' | 'callback' | 'page', string[]>> {
    const issuer = await listen(instantIssuer)
    const host = await listen((baseUrl) =>
      contender({ baseUrl, page: 'host', logto: { endpoint: issuer, ...application } }),
    )
    const during = await filesRun()
    const signIn = async () => {
      const browser = new QuickBrowser()
      const get = async (url: string) => {
        const files = await during(async () => {
          answer = await browser.get(url)
        })
        return files
      }
      let answer = { status: 0, location: '', body: '' }
      const beginning = await get(`${host}/sign-in`)
      const { location } = await browser.get(answer.location)
      const callback = await get(location)
      const page = await get(`${host}/`)
      if (!answer.body.includes('data-signed-in="true"'))
        throw new Error(`nobody is signed in: ${answer.body}`)
      return { signIn: beginning, callback, page }
    }
    for (let i = 0; i < warmUp; i++) await signIn()
    return signIn()
  },
}

export type FilesRunCommands = typeof commands

answerParent(commands)

async function listen(
  listener: (url: string) => RequestListener | Promise<RequestListener>,
): Promise<string> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', await listener(url))
  return url
}
