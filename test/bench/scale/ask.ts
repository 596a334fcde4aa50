import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true })

/**
 * Sends one request. `fetch` would not say another host than that of the address.
 *
 * @param body of a form, which is posted then
 * @returns status and text of the answer
 */
export function ask(url: string, headers: Record<string, string>, body?: string) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(url, { agent, headers, method: body === undefined ? 'GET' : 'POST' }, (response) => {
      response
        .toArray()
        .then(
          (chunks) => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          reject,
        )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Words of the demo's home page, by which it says who is there. */
export const isSignedIn = (page: string) => page.includes('data-signed-in="true"')
export const isStranger = (page: string) => page.includes('data-signed-in="false"')

/** As a browser of that session asks for a page. @param host `BASE_URL`'s, whatever the process listens on */
export const headersOf = (host: string, cookie: string) => ({ host, cookie, accept: 'text/html' })
