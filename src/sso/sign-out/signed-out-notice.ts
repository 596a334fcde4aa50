import { parse } from 'cookie'
import type { Request, Response } from 'express'
import type { Companies, LiveConfig } from '../../companies/index.ts'
import { readEmail } from '../../settings/values/email-domain.ts'
import { addressesAt } from '../addresses.ts'
import { seeOther } from '../http/answer.ts'
import type { SignedOut } from '../interface.ts'
import { companySignOut } from '../links/company-sign-out.ts'
import type { Claims } from '../logto/verify/id-token.ts'
import { recordOf } from '../request.ts'
import { cookieShape } from '../session/session-cookie.ts'

/** Milliseconds in which somebody comes back from Logto's end of a sign-out. */
const lifetime = 5 * 60_000
/** What stands in place of a company whose own sign-in nobody knows. */
const nobodys = '-'
/** What follows where all sessions of the person were ended. No link of a company has a dot. */
const everywhereMark = 'everywhere'
/** What stands in place of the state once Logto has brought it back. */
const broughtBack = 'back'

/**
 * Has the next home page say what a sign-out ended. A cookie tells of it, for minutes: the `state` that Logto was sent,
 * a company's name as a link has it, which is looked up and never shown, and how much has ended.
 */
export class SignedOutNotice {
  readonly #cookie: ReturnType<typeof cookieShape>
  readonly #home: string
  readonly #companies: Companies

  constructor(config: Pick<LiveConfig, 'baseUrl' | 'companies'>) {
    this.#cookie = cookieShape(config, 'signed_out')
    this.#home = addressesAt(config.baseUrl).home
    this.#companies = config.companies
  }

  /**
   * @param claims of who signed out, if anybody did
   * @param options.state what Logto brings back when its session has ended; without a dot
   * @param options.everywhere whether that ended all their sessions here
   */
  leave(
    res: Response,
    claims: Claims | undefined,
    { state, everywhere = false }: { state: string; everywhere?: boolean },
  ): void {
    const slug = this.#companies.byDomain(readEmail(claims?.email ?? '').domain)?.slug ?? nobodys
    this.#set(res, [state, slug, ...(everywhere ? [everywhereMark] : [])].join('.'))
  }

  /**
   * Sends a browser home that Logto has brought back from a sign-out; what was left says so from now on.
   *
   * @returns whether it is one
   */
  bringHome(req: Request, res: Response): boolean {
    const { state } = req.query
    if (req.method !== 'GET' || typeof state !== 'string' || state === '') return false
    const value = this.#valueIn(req)
    if (!value?.startsWith(`${state}.`)) return false
    this.#set(res, broughtBack + value.slice(state.length))
    seeOther(res, this.#home)
    return true
  }

  /**
   * @returns what was left; once, where Logto has brought the person back; undefined where nobody signed out just now
   */
  take(req: Request, res: Response): SignedOut | undefined {
    const value = this.#valueIn(req)
    if (value === undefined) return undefined
    const [state, slug, ...marks] = value.split('.')
    const atLogto = state === broughtBack
    // Somebody who is signed in again has no need of it.
    if (atLogto || recordOf(req).session) res.clearCookie(this.#cookie.name, this.#cookie.options)
    const company = this.#companies.bySlug(slug ?? '')
    const everywhere = marks.includes(everywhereMark)
    return { atLogto, everywhere, company, signOutUrl: company && companySignOut(company) }
  }

  #valueIn({ headers: { cookie } }: Request): string | undefined {
    return cookie?.includes(this.#cookie.name) ? parse(cookie)[this.#cookie.name] : undefined
  }

  #set(res: Response, value: string): void {
    res.cookie(this.#cookie.name, value, { ...this.#cookie.options, maxAge: lifetime })
  }
}
