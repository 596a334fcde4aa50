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
    const { status, text } = await browser.get('/api/me').set('accept', 'application/json')
    return {
      pass: this.isNot ? status !== 401 : status === 200,
      message: () =>
        `expected ${this.isNot ? 'nobody' : 'somebody'} to be signed in, /api/me says: ${status} ${text}`,
    }
  },
  toShowSignedIn(page: HomePage) {
    const html = typeof page?.body === 'string' ? page.body : (page?.text ?? '')
    const isIn = html.includes('/profile"')
    return {
      pass: this.isNot ? isIn || !html.includes('/sign-in"') : isIn,
      message: () => `expected the home page of ${this.isNot ? 'a stranger' : 'somebody signed in'}: ${html}`,
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

/** The home page as supertest has it, or a `UserAgent`. */
type HomePage = { text: string; body: unknown } | undefined

declare module 'vitest' {
  interface Matchers {
    /** A 303 to exactly this address. */
    toRedirectTo(url: string): void
    /** The app answers this browser's script as somebody signed in, or as a stranger. */
    toBeSignedIn(): Promise<void>
    /** A home page that leads somebody signed in to their profile, or a stranger to sign in. */
    toShowSignedIn(): void
    /** A page of this status that shows a reference. */
    toBeErrorPage(status: number): void
  }
}
