import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { longestLocation } from '../http/answer.ts'

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
