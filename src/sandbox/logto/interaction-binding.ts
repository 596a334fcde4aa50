import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { cookieSuffix } from '../shared/cookie-suffix.ts'
import { TTL } from '../shared/provider-defaults.ts'

/** Cookies of localhost are shared by every port: few and short ones. */
const KEPT = 10

export interface BoundCookie {
  name: string
  value: string
}

/**
 * Ties each sign-in in flight to the browser that began it, by a cookie of its own, so that several tabs can be
 * under way at once. (Logto itself has one cookie per browser, and the last tab wins.) The cookie is a signature over
 * the interaction's ID: knowing the ID, from a link say, is not enough to go on with somebody else's sign-in.
 */
export interface InteractionBinding {
  nameFor(uid: string): string
  cookieFor(uid: string): BoundCookie
  /** Whether the browser that sent this `Cookie` header began the interaction. */
  holds(cookieHeader: string | undefined, uid: string): boolean
  /** Names of cookies the browser should forget: the oldest beyond the number kept, and those run out. */
  surplus(cookieHeader: string | undefined): string[]
}

export const BINDING_COOKIE = { path: '/', httpOnly: true, sameSite: 'lax' } as const

/** @param endpoint of the Logto whose sign-ins they are */
export function createInteractionBinding(endpoint: string): InteractionBinding {
  const prefix = `_signin${cookieSuffix(endpoint)}_`
  const nameFor = (uid: string) => prefix + uid.slice(0, 8)
  const key = randomBytes(32)
  const sign = (uid: string, time: string) =>
    createHmac('sha256', key).update(`${time} ${uid}`).digest('base64url').slice(0, 22)

  const bindingCookies = (header = ''): BoundCookie[] =>
    header.split(/; */).flatMap((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return name.startsWith(prefix) ? [{ name, value }] : []
    })

  return {
    nameFor,
    cookieFor(uid) {
      const time = Date.now().toString(36)
      return { name: nameFor(uid), value: `${time}.${sign(uid, time)}` }
    },
    holds(cookieHeader, uid) {
      const value = bindingCookies(cookieHeader).find(({ name }) => name === nameFor(uid))?.value
      const [time = '', signature = ''] = value?.split('.') ?? []
      const expected = Buffer.from(sign(uid, time))
      const actual = Buffer.from(signature)
      return expected.length === actual.length && timingSafeEqual(expected, actual)
    },
    surplus(cookieHeader) {
      // A browser sends older cookies first (RFC 6265 §5.4), which settles starts in the same millisecond.
      const newestFirst = bindingCookies(cookieHeader)
        .reverse()
        .sort((a, b) => begunAt(b) - begunAt(a))
      const expired = Date.now() - TTL.Interaction * 1000
      return newestFirst
        .filter((cookie, index) => index >= KEPT || begunAt(cookie) < expired)
        .map(({ name }) => name)
    },
  }
}

const begunAt = ({ value }: BoundCookie) => Number.parseInt(value.split('.')[0] ?? '', 36) || 0
