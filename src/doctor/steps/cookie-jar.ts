import { parseSetCookie, type SetCookie } from 'cookie'

/** The cookies of one host for the length of an examination: enough of RFC 6265 to go on with an interaction. */
export class CookieJar {
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>()

  /** @param response its `Set-Cookie` headers are kept @param url where it came from */
  keep(response: Response, url: string): void {
    for (const { name, value = '', path, maxAge, expires } of setCookies(response)) {
      const kept = { name, value, path: path?.startsWith('/') ? path : defaultPath(url) }
      const gone = (maxAge !== undefined && maxAge <= 0) || (expires && expires.getTime() < Date.now())
      if (gone) this.#cookies.delete(`${name} ${kept.path}`)
      else this.#cookies.set(`${name} ${kept.path}`, kept)
    }
  }

  /** The `Cookie` header for a request, longest paths first (RFC 6265 §5.4). */
  headerFor(url: string): string {
    const { pathname } = new URL(url)
    return [...this.#cookies.values()]
      .filter(({ path }) => pathMatches(pathname, path))
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  get values(): string[] {
    return [...this.#cookies.values()].map(({ value }) => value)
  }
}

/** The cookies a response sets, with their attributes; values are left as they are. */
export function setCookies(response: Response): SetCookie[] {
  return response.headers.getSetCookie().map((line) => parseSetCookie(line, { decode: (value) => value }))
}

/** RFC 6265 §5.1.4. */
export function pathMatches(requested: string, path: string): boolean {
  if (requested === path) return true
  return requested.startsWith(path.endsWith('/') ? path : `${path}/`)
}

function defaultPath(url: string): string {
  return new URL(url).pathname.replace(/\/[^/]*$/, '') || '/'
}
