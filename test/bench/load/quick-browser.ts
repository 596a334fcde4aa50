import { Agent, request } from 'node:http'

/** Connections that are kept, as browsers keep them. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export interface QuickAnswer {
  status: number
  /** Where a redirect leads, or nothing. */
  location: string
  body: string
}

/**
 * The least of a browser: keeps cookies by name and follows nothing. Quick, so that it is not the browser that is
 * measured.
 */
export class QuickBrowser {
  readonly #cookies = new Map<string, string>()

  /** @throws whatever the connection throws */
  get(url: string): Promise<QuickAnswer> {
    return new Promise((resolve, reject) => {
      const headers = { accept: 'text/html', ...(this.#cookies.size > 0 && { cookie: this.#cookieHeader() }) }
      const sent = request(url, { agent, headers }, (response) => {
        this.#keep(response.headers['set-cookie'] ?? [])
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            location: response.headers.location ?? '',
            body: Buffer.concat(chunks).toString(),
          }),
        )
      })
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // A connection that the server closed just before, having waited long enough for this machine.
        if (sent.reusedSocket && error.code === 'ECONNRESET') this.get(url).then(resolve, reject)
        else reject(error)
      })
      sent.end()
    })
  }

  #cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keep(cookies: string[]): void {
    for (const cookie of cookies) {
      const [pair = ''] = cookie.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      const value = pair.slice(name.length + 1)
      if (value === '' || /;\s*(max-age=0|expires=Thu, 01 Jan 1970)/i.test(cookie)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }
}
