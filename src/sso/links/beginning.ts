import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { Prompt } from '@logto/express'
import type { Companies, LiveConfig } from '../../companies/index.ts'
import type { AppConfig, EnterpriseConnector } from '../../settings/config.ts'
import { longestLocation } from '../http/answer.ts'
import type { ErrorAction } from '../http/app-error.ts'
import { companySignOut } from './company-sign-out.ts'
import { optionNames } from './sign-in-options.ts'

/** Characters a way may have; it travels in the `state`. Of a longer one the path remains. */
const longest = 1024

/** What it takes to begin an attempt once more. */
export interface Beginning {
  /** Where to bring the person afterwards; an absolute URL of ours. */
  readonly returnTo: string
  /** How the person came: path and query below `BASE_URL`, without where to return. */
  readonly way: string
}

/** How somebody begins to sign in who wants nothing in particular. */
export const plainWay = '/sign-in'

/**
 * The link that begins a sign-in like this one once more, but for where it leads back to.
 *
 * @param path of the link, below `BASE_URL`
 * @param query its options, which have been checked
 * @returns path and query below `BASE_URL`. It always asks where there is need: `prompt=none` would fail once more
 */
export function retryWay(path: string, query: Readonly<Record<string, unknown>>): string {
  const options = new URLSearchParams()
  for (const name of optionNames) {
    const value = query[name]
    if (typeof value === 'string' && !(name === 'prompt' && value === Prompt.None)) options.set(name, value)
  }
  const way = options.size > 0 ? `${path}?${options}` : path
  return way.length <= longest ? way : path
}

/** The link of a company's staff. */
export const companyWay = ({ slug }: EnterpriseConnector) => `${plainWay}/${slug}`

/** @returns the company whose Okta a way leads straight to, if it does */
export function companyOn(way: string, companies: Companies): EnterpriseConnector | undefined {
  const { pathname, searchParams } = new URL(way, 'http://localhost')
  const direct = searchParams.get('direct_sign_in')
  if (direct !== null) return direct.startsWith('sso:') ? companies.byId(direct.slice(4)) : undefined
  const [start, slug = ''] = [pathname.slice(0, plainWay.length + 1), pathname.slice(plainWay.length + 1)]
  return start === `${plainWay}/` ? companies.bySlug(slug) : undefined
}

/** The way on that an error page offers: to begin again in the same way, and come back to the same place. */
export function signInAgain({ baseUrl }: AppConfig, { returnTo, way }: Beginning): ErrorAction {
  const again = new URL(baseUrl + way)
  if (returnTo !== `${baseUrl}/`) {
    again.searchParams.set('return_to', returnTo.slice(new URL(returnTo).origin.length))
  }
  return { href: again.href, label: 'try_again' }
}

/**
 * The same, but Logto asks, whoever it remembers. Without `consent` it would give no refresh token.
 *
 * @param way the plain one leads to Logto's own page, which asks who it is
 */
export function signInAnew(config: AppConfig, { returnTo, way }: Beginning): ErrorAction {
  // A way that has no room for this would lose it, and lead here once more.
  const [path = plainWay] = way.split('?')
  const { href, label } = signInAgain(config, { returnTo, way: way.length < longest - 64 ? way : path })
  const anew = new URL(href)
  anew.searchParams.set('prompt', `${Prompt.Login} ${Prompt.Consent}`)
  return { href: anew.href, label }
}

/** Whether Logto asked whoever came this way, whoever it remembered. */
export const isAnew = ({ way }: Beginning): boolean =>
  new URL(way, 'http://localhost').searchParams.get('prompt')?.split(' ').includes(Prompt.Login) ?? false

/**
 * Further ways on, for somebody who was refused as who they are: by Logto's page as somebody else; and where they came
 * straight to a company's Okta, which may not ask again whom it knows, an end to its session.
 */
export function asSomebodyElse(config: LiveConfig, { returnTo, way }: Beginning): ErrorAction[] {
  const { href } = signInAnew(config, { returnTo, way: plainWay })
  const company = companyOn(way, config.companies)
  const end = company && companySignOut(company)
  return [
    { href, label: 'somebody_else' },
    ...(end ? [{ href: end, label: 'end_company', params: { company: company.name } } as const] : []),
  ]
}

/** What a path begins with that was written shorter than it is. */
const shortened = '~'
/** Bytes that such a path may come to. */
const maximumOutputLength = 8192
/** Characters that the link to sign in may grow by, where it is sent on to BASE_URL's host. */
const room = 100

/**
 * The link that signs somebody in and brings them back to a path. One that is too long for an address of ours, every
 * `/` and `=` in it being three characters there, is written shorter.
 *
 * @param path of ours, with its query
 */
export function signInLink(baseUrl: string, path: string): string {
  const link = (returnTo: string) => `${baseUrl}/sign-in?${new URLSearchParams({ return_to: returnTo })}`
  const plain = link(path)
  if (plain.length <= longestLocation - room) return plain
  return link(shortened + deflateRawSync(path).toString('base64url'))
}

/** Going back to one of these after signing in would start over, or sign out again. */
const authRoutes = /^\/(sign-in|sign-up|sign-out|callback)(\/|$)/i

/**
 * The path to bring a person back to after signing in, if it is a path of this app; else the home page. Refused
 * are other origins in any spelling (`//e`, `/\e`, absolute) and paths that hide a slash, a backslash or a control
 * character behind percent-encoding, however often, since a browser or a proxy may read them as another host
 * (CWE-601). The query is kept as it is.
 *
 * @param said what `return_to` said, if anything
 * @param baseUrl where the app is, without a trailing slash
 * @returns an absolute URL of ours
 */
export function returnUrl(said: unknown, baseUrl: string): string {
  const home = `${baseUrl}/`
  const value = typeof said === 'string' && said.startsWith(shortened) ? inOriginalLength(said) : said
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value) || /[\\\p{Cc}]/u.test(value)) return home
  const { origin, pathname: basePath } = new URL(home)
  const url = new URL(value, origin)
  if (url.origin !== origin) return home
  const path = fullyDecoded(url.pathname)
  const ours = path?.startsWith(basePath) && !path.startsWith('//')
  return ours && !authRoutes.test(`/${path?.slice(basePath.length)}`) ? url.href : home
}

/**
 * The same for the `target_link_uri` of a third-party-initiated login, which is an absolute URL as a rule and must not
 * make us an open redirector either (OpenID Connect Core 1.0 §4). One of ours counts as its path.
 *
 * @param value what `target_link_uri` said
 * @param baseUrl where the app is, without a trailing slash
 * @returns an absolute URL of ours
 */
export function targetUrl(value: string, baseUrl: string): string {
  const { origin } = new URL(baseUrl)
  return returnUrl(value.startsWith(`${origin}/`) ? value.slice(origin.length) : value, baseUrl)
}

/** @returns what `signInLink` was given; undefined for what it has not written */
function inOriginalLength(value: string): string | undefined {
  try {
    const written = Buffer.from(value.slice(shortened.length), 'base64url')
    return inflateRawSync(written, { maxOutputLength: maximumOutputLength }).toString()
  } catch {
    return undefined
  }
}

/** @returns the path with nothing encoded in it; undefined if that is no honest spelling of one */
function fullyDecoded(path: string): string | undefined {
  const slashes = path.split('/').length
  let decoded = path
  for (let round = 0; round < 5; round++) {
    const next = decodedOnce(decoded)
    if (next === undefined || next.split('/').length !== slashes || /[\\\p{Cc}]/u.test(next)) return undefined
    if (next === decoded) return decoded
    decoded = next
  }
  return undefined
}

function decodedOnce(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
