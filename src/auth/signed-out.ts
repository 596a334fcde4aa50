import { parse } from 'cookie'
import type { Request, Response } from 'express'
import type { AppConfig, EnterpriseConnector } from '../config.ts'
import { cookieShape } from '../sessions/session-cookie.ts'
import { straightWays } from './straight-ways.ts'

/** Milliseconds in which somebody comes back from Logto's end of a sign-out. */
const lifetime = 5 * 60_000
/** What stands in place of a company whose own sign-in nobody knows. */
const nobodys = '-'

/** What a sign-out may have left alive. */
export interface SignedOut {
  /** The company's sign-in that may still know the person; undefined if there is none we know of. */
  company: Pick<EnterpriseConnector, 'name' | 'id'> | undefined
  /** Where to end that too. */
  signOutUrl: string | undefined
}

/**
 * Has the next home page say what a sign-out ended. Logto brings people back to `BASE_URL/` as it is registered, without
 * a word of ours, so a cookie tells of it: for minutes, once, and with nothing in it but a company's name as a link
 * has it, which is looked up and never shown.
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

  /** @param email of the person who signed out, if anybody did and it is known */
  leave(res: Response, email: string | null | undefined): void {
    const slug = (email && this.#companyOf(email)?.slug) || nobodys
    res.cookie(this.#cookie.name, slug, { ...this.#cookie.options, maxAge: lifetime })
  }

  /** @returns what was left, once; undefined where nobody signed out just now */
  take(req: Request, res: Response): SignedOut | undefined {
    const { name, options } = this.#cookie
    const { cookie } = req.headers
    const slug = cookie?.includes(name) ? parse(cookie)[name] : undefined
    if (slug === undefined) return undefined
    res.clearCookie(name, options)
    const company = this.#connectors.find((connector) => connector.slug === slug)
    return { company, signOutUrl: company && oktaSignOut(company) }
  }
}

/**
 * Okta's own sign-out page. Its end-session endpoint (`/oauth2/v1/logout`) wants an ID token of Okta's, which is between
 * Okta and Logto and never comes here.
 */
const oktaSignOut = ({ issuer }: EnterpriseConnector) => `${new URL(issuer).origin}/login/signout`
