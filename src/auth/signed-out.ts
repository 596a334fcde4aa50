import { parse } from 'cookie'
import type { Request, Response } from 'express'
import type { AppConfig, EnterpriseConnector } from '../config.ts'
import { cookieShape } from '../sessions/session-cookie.ts'
import { oktaSignOut } from './okta-sign-out.ts'
import type { Visitor } from './signed-in.ts'
import { straightWays } from './straight-ways.ts'

/** Milliseconds in which somebody comes back from Logto's end of a sign-out. */
const lifetime = 5 * 60_000
/** What stands in place of a company whose own sign-in nobody knows. */
const nobodys = '-'
/** What follows where all sessions of the person were ended. No link has a dot. */
const everywhereMark = '.everywhere'

/** What a sign-out has ended, and may have left alive. */
export interface SignedOut {
  /** Whether it ended the person's sessions here in all browsers, not in this one alone. */
  everywhere: boolean
  /** The company's sign-in that may still know the person; undefined if there is none we know of. */
  company: Pick<EnterpriseConnector, 'name' | 'id'> | undefined
  /** Where to end that too. */
  signOutUrl: string | undefined
}

/**
 * Has the next home page say what a sign-out ended. Logto brings people back to `BASE_URL/` as it is registered, without
 * a word of ours, so a cookie tells of it: for minutes, once, and with nothing in it but a company's name as a link
 * has it, which is looked up and never shown, and how much has ended.
 */
export class SignedOutNotice {
  readonly #cookie: ReturnType<typeof cookieShape>
  readonly #connectors: readonly EnterpriseConnector[]
  readonly #companyOf: (email: string) => EnterpriseConnector | undefined

  constructor(config: Pick<AppConfig, 'baseUrl' | 'connectors'>) {
    this.#cookie = cookieShape(config, 'signed_out')
    this.#connectors = config.connectors
    this.#companyOf = straightWays(config.connectors, { href: config.baseUrl, label: 'sign_in' }).forEmail
  }

  /**
   * @param visitor who signed out, if anybody did
   * @param options.everywhere whether that ended all their sessions here
   */
  leave(res: Response, visitor: Visitor, { everywhere = false } = {}): void {
    const email = visitor.isAuthenticated ? visitor.claims.email : undefined
    const slug = (email && this.#companyOf(email)?.slug) || nobodys
    const value = everywhere ? slug + everywhereMark : slug
    res.cookie(this.#cookie.name, value, { ...this.#cookie.options, maxAge: lifetime })
  }

  /** @returns what was left, once; undefined where nobody signed out just now */
  take(req: Request, res: Response): SignedOut | undefined {
    const { name, options } = this.#cookie
    const { cookie } = req.headers
    const value = cookie?.includes(name) ? parse(cookie)[name] : undefined
    if (value === undefined) return undefined
    res.clearCookie(name, options)
    const everywhere = value.endsWith(everywhereMark)
    const slug = everywhere ? value.slice(0, -everywhereMark.length) : value
    const company = this.#connectors.find((connector) => connector.slug === slug)
    return { everywhere, company, signOutUrl: company && oktaSignOut(company) }
  }
}
