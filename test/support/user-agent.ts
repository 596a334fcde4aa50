import { parse as parseHtml } from 'node-html-parser'
import { CookieJar } from 'tough-cookie'

/** A page the user agent is on. */
export interface Page {
  /** Where it ended up, redirects followed. */
  url: string
  status: number
  headers: Headers
  body: string
  /** The page's text, white space folded. */
  text: string
  /** Every address on the way here, this one last. */
  hops: string[]
}

/** What it says it is. */
const called =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

/**
 * A browser without a screen: keeps cookies as a browser does (shared over ports, bound to paths), follows
 * redirects, follows links and sends forms by the words on them. Tabs of one browser are agents with one jar.
 */
export class UserAgent {
  readonly jar: CookieJar
  page: Page | undefined

  constructor(jar = new CookieJar()) {
    this.jar = jar
  }

  /** Another tab of the same browser. */
  newTab(): UserAgent {
    return new UserAgent(this.jar)
  }

  /** Goes to an address as if it was typed in. */
  async open(url: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.#load(url, { headers })
  }

  /** Follows the link with these words. */
  async click(words: string | RegExp): Promise<Page> {
    const link = this.#document()
      .querySelectorAll('a[href]')
      .find((element) => matches(element.textContent, words))
    if (!link) throw new Error(`no link “${words}” on ${this.#here().url}: ${this.#here().text}`)
    return this.#load(this.#resolve(link.getAttribute('href')))
  }

  /**
   * Fills in the form that has all these fields and sends it.
   *
   * @param fields values by field name
   */
  async submit(fields: Record<string, string> = {}): Promise<Page> {
    return this.#submit(fields)
  }

  /**
   * Sends a form like `submit`, and goes on until it is sent to an address of that kind, which it does not open.
   *
   * @returns the address
   */
  async submitUpTo(fields: Record<string, string>, isLast: (url: string) => boolean): Promise<string> {
    const { url } = await this.#submit(fields, isLast)
    if (!isLast(url)) throw new Error(`ended at ${url} instead`)
    return url
  }

  /** Sends a form of the page's own origin to an address, as a button of the page would. */
  async send(url: string, fields: Record<string, string> = {}): Promise<Page> {
    const headers = { origin: new URL(url).origin }
    return this.#load(url, { method: 'POST', body: new URLSearchParams(fields), headers })
  }

  async #submit(fields: Record<string, string>, isLast?: (url: string) => boolean): Promise<Page> {
    const names = Object.keys(fields)
    const form = this.#document()
      .querySelectorAll('form')
      .find((candidate) => names.every((name) => candidate.querySelector(`[name="${name}"]`)))
    if (!form) throw new Error(`no form with ${names} on ${this.#here().url}: ${this.#here().text}`)
    const values = new URLSearchParams()
    for (const input of form.querySelectorAll('input[name], textarea[name]')) {
      // What is not chosen of several is not sent (HTML, "constructing the entry list").
      if (/^(radio|checkbox)$/.test(input.getAttribute('type') ?? '') && !input.hasAttribute('checked'))
        continue
      const value = input.tagName === 'TEXTAREA' ? input.textContent : input.getAttribute('value')
      values.append(input.getAttribute('name') ?? '', value ?? '')
    }
    for (const [name, value] of Object.entries(fields)) values.set(name, value)
    const action = this.#resolve(form.getAttribute('action') ?? this.#here().url)
    if (form.getAttribute('method')?.toLowerCase() !== 'post') {
      const url = new URL(action)
      url.search = values.toString()
      return this.#load(url.href, {}, isLast)
    }
    const origin = new URL(this.#here().url).origin
    return this.#load(action, { method: 'POST', body: values, headers: { origin } }, isLast)
  }

  /** The Cookie header this browser would send to an address. */
  async cookieHeader(url: string): Promise<string> {
    return this.jar.getCookieString(url)
  }

  /** One request, no redirect followed; cookies are sent and kept. */
  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    const cookies = await this.jar.getCookieString(url)
    if (cookies) headers.set('cookie', cookies)
    if (!headers.has('accept')) headers.set('accept', 'text/html')
    if (!headers.has('user-agent')) headers.set('user-agent', called)
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) await this.jar.setCookie(cookie, url)
    return response
  }

  async #load(first: string, init: RequestInit = {}, isLast = (_url: string) => false): Promise<Page> {
    const hops = [first]
    let url = first
    let response = await this.request(url, init)
    while (response.status >= 300 && response.status < 400) {
      const location = response.headers.get('location')
      if (!location) break
      await response.arrayBuffer()
      if (hops.length > 20) throw new Error(`too many redirects: ${hops.join(' → ')}`)
      url = new URL(location, url).href
      hops.push(url)
      if (isLast(url)) break
      response = await this.request(url)
    }
    const body = response.bodyUsed ? '' : await response.text()
    const text = parseHtml(body).textContent.replace(/\s+/g, ' ').trim()
    this.page = { url, status: response.status, headers: response.headers, body, text, hops }
    return this.page
  }

  #here(): Page {
    if (!this.page) throw new Error('nothing was opened yet')
    return this.page
  }

  #document() {
    return parseHtml(this.#here().body)
  }

  #resolve(reference = ''): string {
    return new URL(reference, this.#here().url).href
  }
}

function matches(text: string, words: string | RegExp): boolean {
  const folded = text.replace(/\s+/g, ' ').trim()
  return typeof words === 'string' ? folded === words : words.test(folded)
}
