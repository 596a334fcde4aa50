import { parse, serialize } from 'cookie'
import type { Request, Response } from 'express'
import type { LiveConfig } from '../../companies/index.ts'
import type { EnterpriseConnector } from '../../settings/config.ts'
import { type Beginning, companyOn, companyWay, plainWay } from '../links/beginning.ts'
import { type CookieShape, cookieShape } from '../session/session-cookie.ts'
import { randomFromStock, type StateSeal, stateSeal } from './sealed-state.ts'

/** One attempt to sign in, between `/sign-in` and `/callback`. */
export interface Attempt extends Beginning {
  /** Tells it from every other. */
  readonly id: string
  /** The `state` of the authorization request. */
  readonly state: string
  /** The PKCE verifier (RFC 7636 §4.1). */
  readonly verifier: string
  /** Milliseconds since 1970. */
  readonly begunAt: number
}

/**
 * What became of the attempt a callback belongs to. `used`: this browser finished it before. `stale`: it is too
 * old, whoever began it. `unknown`: never ours, or begun in another browser, which has a `beginning`.
 */
export type AttemptFound =
  | { kind: 'ready'; attempt: Attempt; markUsed: () => void }
  | { kind: 'used'; beginning: Beginning }
  | { kind: 'stale' }
  | { kind: 'unknown'; beginning?: Beginning }

/** Seconds an attempt may take: as long as Logto keeps an interaction. */
export const lifetime = 60 * 60
/** Attempts a browser may have open; the oldest gives way. */
const maximumOpen = 16
/** Letters of an attempt's ID that are random; the time comes before them. */
const randomLength = 6
/** What has a browser forget a cookie at once. */
const longAgo = new Date(0).toUTCString()
/** What stands in place of the verifier once the attempt was used. */
const usedMark = 'used'

/**
 * The attempts to sign in that are under way. Nothing of them is kept on the server: the `state` holds, encrypted,
 * the attempt's ID, its return path and how it began, and a cookie of the attempt's own holds its PKCE verifier. So
 * attempts of many tabs live beside each other, abandoned ones cost the server nothing, and one begun before a restart
 * or on another process can be finished here. A callback counts only in the browser that holds the cookie (RFC 6749
 * §10.12).
 */
export class SignInAttempts {
  readonly #companies: LiveConfig['companies']
  readonly #home: string
  readonly #seal: StateSeal
  /** The cookie of an attempt, but for its ID, which follows a dot in the name. */
  readonly #cookie: CookieShape
  /** The cookie with the `state` of the attempt that went straight to a company last. */
  readonly #lastCookie: CookieShape

  constructor(config: Pick<LiveConfig, 'baseUrl' | 'sessionSecrets' | 'companies'>) {
    this.#companies = config.companies
    this.#home = `${config.baseUrl}/`
    this.#seal = stateSeal(config.sessionSecrets)
    this.#cookie = cookieShape(config, 'try')
    this.#lastCookie = cookieShape(config, 'last')
  }

  /**
   * @returns a new attempt and a function that gives it to the browser, to be called once Logto can be reached; `room`
   *   is how many bytes of headers the answer has to spare
   */
  begin({ returnTo, way }: Beginning): {
    attempt: Attempt
    remember: (req: Request, res: Response, room: number) => void
  } {
    const now = Date.now()
    const random = randomFromStock(4 + 32)
    // The time comes first, so that names sort by age; the rest tells apart what begins in the same millisecond.
    const id = now.toString(36) + random.toString('base64url', 0, 4)
    const attempt = {
      id,
      state: this.#seal.seal({
        id,
        returnTo,
        ...(way !== plainWay && { way }),
        expiresAt: Math.floor(now / 1000) + lifetime,
      }),
      verifier: random.toString('base64url', 4),
      returnTo,
      way,
      begunAt: now,
    }
    const remember = (req: Request, res: Response, room: number) => {
      const left = this.#forgetOldest(req, res, room)
      const company = companyOn(way, this.#companies)
      const value = company ? `${attempt.verifier}.${company.slug}` : attempt.verifier
      res.cookie(this.#nameOf(id), value, { ...this.#cookie.options, maxAge: lifetime * 1000 })
      if (!company) return
      const { name, options } = this.#lastCookie
      const last = serialize(name, attempt.state, { ...options, maxAge: lifetime })
      if (sizeOf(last) <= left) res.append('Set-Cookie', last)
    }
    return { attempt, remember }
  }

  /**
   * Looks an attempt up without using it. `markUsed` tells the browser that it was.
   *
   * @param state what the callback said; anything at all
   */
  find(req: Request, res: Response, state: unknown): AttemptFound {
    const sealed = typeof state === 'string' ? this.#seal.open(state) : undefined
    if (!sealed) return { kind: 'unknown' }
    const { id, returnTo, way = plainWay, expiresAt } = sealed
    const name = this.#nameOf(id)
    const verifier = cookiesOf(req)[name]?.split('.')[0]
    const remaining = expiresAt * 1000 - Date.now()
    if (remaining <= 0) return { kind: 'stale' }
    const beginning = { returnTo, way }
    if (verifier === undefined) return { kind: 'unknown', beginning }
    if (verifier === usedMark) return { kind: 'used', beginning }
    const markUsed = () => res.cookie(name, usedMark, { ...this.#cookie.options, maxAge: remaining })
    const begunAt = Number.parseInt(id.slice(0, -randomLength), 36)
    return { kind: 'ready', attempt: { id, state: String(state), verifier, begunAt, ...beginning }, markUsed }
  }

  /**
   * Finds the attempt that this browser began last, if that went straight to a company and has not come back: of whom a
   * company's Okta refuses nothing does.
   *
   * @returns the company, as the cookie names it, and how it began; no more than the company's link where the headers
   *   had no room for the `state`
   */
  unfinished(req: Request): { company: EnterpriseConnector; beginning: Beginning } | undefined {
    if (!req.headers.cookie?.includes(this.#nameOf(''))) return undefined
    const cookies = cookiesOf(req)
    const name = this.#openIn(cookies).at(-1) ?? ''
    const [, slug] = cookies[name]?.split('.') ?? []
    const company = this.#companies.bySlug(slug ?? '')
    if (!company) return undefined
    const last = this.#seal.open(cookies[this.#lastCookie.name] ?? '')
    const isThis = last !== undefined && this.#nameOf(last.id) === name
    const { returnTo, way = companyWay(company) } = isThis ? last : { returnTo: this.#home }
    return { company, beginning: { returnTo, way } }
  }

  #nameOf(id: string): string {
    return `${this.#cookie.name}.${id}`
  }

  /** The names of the attempts in a browser's cookies, the oldest first. */
  #openIn(cookies: object): string[] {
    const prefix = this.#nameOf('')
    return Object.keys(cookies)
      .filter((name) => name.startsWith(prefix))
      .sort()
  }

  /**
   * Keeps the browser's request header small, however many attempts are begun and abandoned, and the answer's too.
   *
   * @returns the room that is left
   */
  #forgetOldest(req: Request, res: Response, room: number): number {
    const open = this.#openIn(cookiesOf(req))
    const { path, secure } = this.#cookie.options
    let left = room
    for (const name of open.slice(0, Math.max(0, open.length - maximumOpen + 1))) {
      const cookie = `${name}=; Path=${path}; Expires=${longAgo}${secure ? '; Secure' : ''}`
      if (sizeOf(cookie) > left) break
      left -= sizeOf(cookie)
      res.append('Set-Cookie', cookie)
    }
    return left
  }
}

/** Bytes of an answer's headers that a cookie takes. */
const sizeOf = (cookie: string) => `Set-Cookie: ${cookie}\r\n`.length

function cookiesOf(req: Request): Record<string, string | undefined> {
  return parse(req.headers.cookie ?? '')
}
