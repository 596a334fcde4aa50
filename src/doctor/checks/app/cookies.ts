import type { SetCookie } from 'cookie'
import type { Text } from '../../../words/phrase.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { reachOf } from '../../findings/reach.ts'
import { phrase } from '../../phrase.ts'
import { signInAnswer } from '../../steps/app-pages.ts'
import { pathMatches, setCookies } from '../../steps/cookie-jar.ts'

/** Whether the app's cookies fit the address people use. */
export const cookies: Check = {
  id: 'cookies',
  title: phrase`The cookies of the app`,
  needs: ['app', 'logto-endpoint'],
  async examine(on) {
    const { baseUrl } = on.config
    const tried = phrase`looked at the cookies that ${baseUrl}/sign-in sets`
    const signIn = await signInAnswer(on)
    // The link that is broken then has said that the app gets no answer from Logto.
    if ('fault' in signIn || signIn.status !== 303) return notTried(tried, phrase`because of logto-discovery`)
    const set = setCookies(signIn.response)
    const answer = set.map(inWords).join('; ') || phrase`no cookie`
    const reach = await reachOf(baseUrl, on.lookup)
    const fault = faultOf(set, baseUrl, reach === 'loopback') ?? warningFor(on, reach === 'public')
    return { tried, answer, ...(fault ?? { status: 'ok' }) }
  },
}

type Judgement = Pick<Finding, 'status' | 'meaning' | 'fix'>

/** A cookie without its value; the last part of an attempt's name is its own. */
const inWords = ({ name, path, secure, domain }: SetCookie) =>
  [
    name.replace(/\..*/, '.…'),
    `Path=${path ?? '?'}`,
    ...(secure ? ['Secure'] : []),
    ...(domain ? [`Domain=${domain}`] : []),
  ].join(' ')

function faultOf(set: readonly SetCookie[], baseUrl: string, loopback: boolean): Judgement | undefined {
  const meaning =
    set.length === 0
      ? phrase`The attempt to sign in is not remembered in the browser.`
      : set.map((cookie) => misfit(cookie, baseUrl, loopback)).find(Boolean)
  if (!meaning) return undefined
  return {
    status: 'broken',
    meaning: phrase`${meaning} Every sign-in ends with “not begun in this browser”.`,
    fix: phrase`Restart the app with BASE_URL=${baseUrl}, and see that no proxy before it rewrites Set-Cookie.`,
  }
}

/** What keeps a browser from taking a cookie, or from sending it back. */
function misfit(
  { name, path, secure, domain }: SetCookie,
  baseUrl: string,
  loopback: boolean,
): Text | undefined {
  const https = baseUrl.startsWith('https:')
  const shown = name.replace(/\..*/, '')
  if (https && !secure) return phrase`${shown} is not Secure, though people use https.`
  if (!https && secure && !loopback) return phrase`${shown} is Secure, and browsers drop it on http.`
  // RFC 6265bis §4.1.3: the prefixes are promises that browsers hold a cookie to.
  if (/^__(Host|Secure)-/.test(name) && !secure)
    return phrase`${shown} is not Secure, which its prefix demands.`
  if (name.startsWith('__Host-') && (path !== '/' || domain)) {
    return phrase`${shown} has another Path than / or a Domain, which its prefix forbids.`
  }
  const { pathname } = new URL(`${baseUrl}/callback`)
  if (!path || !pathMatches(pathname, path))
    return phrase`${shown} is for the path ${path ?? '/sign-in'}, and is not sent to ${pathname}.`
  return undefined
}

function warningFor({ config }: Examination, isPublic: boolean): Judgement | undefined {
  const { baseUrl, trustProxy } = config
  if (baseUrl.startsWith('http:')) {
    if (!isPublic) return undefined
    return {
      status: 'warning',
      meaning: phrase`The address is public and not encrypted: cookies and codes can be read on the way.`,
      fix: phrase`Set BASE_URL=${baseUrl.replace(/^http:/, 'https:')}, with TLS at a proxy before the app.`,
    }
  }
  if (trustProxy !== false) return undefined
  return {
    status: 'warning',
    meaning: phrase`The app itself speaks plain http, so that a proxy must stand before it; without TRUST_PROXY the log names the proxy in place of each visitor. Nothing else depends on it.`,
    fix: phrase`Set TRUST_PROXY=1, or however many proxies there are.`,
  }
}
