import type { Response } from 'supertest'
import { expect } from 'vitest'
import type { Browser } from './app.ts'

expect.extend({
  toRedirectTo(response: Response, url: string) {
    const { status, headers } = response
    return {
      pass: status === 303 && headers.location === url,
      message: () => `expected a 303 to ${url}, got ${status} ${headers.location ?? response.text}`,
    }
  },
  async toBeSignedIn(browser: Browser) {
    const { text } = await browser.get('/')
    return {
      pass: text.includes('You are signed in') && !text.includes('not signed in'),
      message: () =>
        `expected ${this.isNot ? 'nobody' : 'somebody'} to be signed in, the home page says: ${text}`,
    }
  },
  toBeErrorPage(response: Response, status: number) {
    const shown = /Reference <code>[0-9a-f]{10}<\/code>/.test(response.text)
    return {
      pass: response.status === status && shown,
      message: () =>
        `expected an error page of status ${status} with a reference, got ${response.status} ${response.text}`,
    }
  },
})

declare module 'vitest' {
  interface Matchers {
    /** A 303 to exactly this address. */
    toRedirectTo(url: string): void
    /** The browser's home page says that somebody is signed in. */
    toBeSignedIn(): Promise<void>
    /** A page of this status that shows a reference. */
    toBeErrorPage(status: number): void
  }
}
