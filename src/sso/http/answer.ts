import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Request, Response } from 'express'
import helmet from 'helmet'
import { AppError, type ErrorAction } from './app-error.ts'

/**
 * Response headers that every answer carries: a content security policy without scripts or foreign origins, Helmet's
 * other headers, and that no cache keeps it. What may be kept says so itself.
 *
 * @param options.https whether the app is reached over https (then HSTS is sent)
 * @param options.logto where Logto is. Chromium applies `form-action` to the redirects after a form post too, and the
 *   sign-out form is redirected there (w3c/webappsec-csp#8).
 */
export function securityHeaders({
  https,
  logto,
}: {
  https: boolean
  logto: string
}): (res: Response) => void {
  const fromHelmet = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'", new URL(logto).origin],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Other hosts of the domain are not this app's to speak for.
    strictTransportSecurity: https && { includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
    // Under Helmet's default, `no-referrer`, browsers send `Origin: null` with our own forms (Fetch Standard,
    // "append a request Origin header"); and those that send no `Sec-Fetch-Site` could not be told from a stranger's.
    referrerPolicy: { policy: 'same-origin' },
  })
  const headers = headersOf(fromHelmet)
  return (res) => {
    for (const [name, value] of headers) res.setHeader(name, value)
    keepOutOfCaches(res)
  }
}

/** Helmet's headers are the same for every request: it is asked once, with an answer that goes nowhere. */
function headersOf(fromHelmet: ReturnType<typeof helmet>): Array<readonly [string, string]> {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  fromHelmet(request, response, (error) => {
    if (error) throw error
  })
  return response.getHeaderNames().map((name) => [name, String(response.getHeader(name))] as const)
}

/** Lets the forms of this one answer lead further, redirects included, than every other answer's policy allows. */
export function allowFormsTo(res: Response, sources: Iterable<string>): void {
  const policy = String(res.get('Content-Security-Policy') ?? '')
  res.set(
    'Content-Security-Policy',
    policy.replace(/form-action [^;]*/, (own) => [own, ...sources].join(' ')),
  )
}

/**
 * What caches go by before they look at `Cache-Control`, or in its place: targeted fields (RFC 9213 §2), those of Varnish,
 * Fastly and Akamai, nginx's, and `Expires` (RFC 9111 §5.3).
 */
const before = /-cache-control$|^(surrogate-control|edge-control|x-accel-expires|expires)$/

/**
 * Says that an answer is one person's own, never kept by a shared cache or by the browser (RFC 9111 §5.2.2), whatever
 * was said of it until now: a host app may have told caches to keep everything, before it was known what the answer is.
 *
 * @param instead another `Cache-Control` of the same end, for caches that would go by something else
 */
export function keepOutOfCaches(res: ServerResponse, instead = 'private, no-store'): void {
  for (const name of res.getHeaderNames()) if (before.test(name)) res.removeHeader(name)
  res.setHeader('Cache-Control', instead)
}

/**
 * Directives by which no cache gives one person's page to another unasked (RFC 9111 §5.2.2). With names of fields behind
 * it, as in `no-cache="Set-Cookie"`, a directive is about these fields and lets the page be kept.
 */
const personal = /(^|,)\s*(private|no-store|no-cache)\s*(,|$)/i

/** What depends on who is there is one person's own, unless the page says otherwise after it has asked. */
export function keepPersonal({ res }: Request): void {
  if (!res || res.headersSent) return
  const said = String(res.get('Cache-Control') ?? '')
  keepOutOfCaches(res, personal.test(said) ? said : undefined)
}

/**
 * Characters of the longest address that the browser is sent on to. Of an answer's headers a proxy takes 4,096 bytes, by
 * nginx's default (`proxy_buffer_size`), and turns what has more into a 502; the rest is for the other headers.
 */
export const longestLocation = 2700

/** Bytes of headers that an answer with this address has to spare. */
export const roomBeside = (url: string) => longestLocation + 300 - url.length

/**
 * Sends the browser on to an address, by GET whatever the request was (RFC 9110 §15.4.4). The body, for whoever does
 * not follow, is the same for all: it is not worth a negotiation. No cache keeps where somebody was sent this time.
 *
 * @param url where to
 * @throws AppError as `addressTooLong` has it
 */
export function seeOther(res: Response, url: string): void {
  if (url.length > longestLocation) throw addressTooLong()
  keepOutOfCaches(res)
  res.status(303).location(url)
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.end(`See Other: ${res.get('Location')}`)
}

/**
 * An address that is too long to be led to or kept says so, instead of being forgotten (RFC 9110 §15.5.15).
 *
 * @param action the way on that the page offers
 */
export const addressTooLong = (action?: ErrorAction) =>
  new AppError({ status: 414, code: 'address_too_long', ...(action && { action }) })

/**
 * Sends an answer as it is: all that `res.send` would come to for one that is neither negotiated nor cached.
 *
 * @param type the media type; the text is sent in UTF-8
 */
export function sendWhole(res: Response, type: string, text: string): void {
  res.setHeader('Content-Type', `${type}; charset=utf-8`)
  res.setHeader('Content-Length', Buffer.byteLength(text))
  res.end(text)
}

/** Whether the V8 of this Node.js is one that needs `keepAsTables`: 11 and 12, of Node.js 20 and 22. */
const needsTables = Number.parseInt(process.versions.v8, 10) < 13

/**
 * Makes what comes behind run a third faster. Express gives each request and its answer another prototype. From then on
 * V8 makes a new hidden class for each property that one of them gets, shares it with no other request, and keeps it
 * until the next full garbage collection: no code that reads a request is ever fast (nodejs/node#37457). An object that
 * has lost a property is kept as a table, and all tables have one hidden class.
 */
export function keepAsTables(req: Request): void {
  const { res } = req
  if (!needsTables || !res) return
  if (Reflect.deleteProperty(req, 'res')) req.res = res
  if (Reflect.deleteProperty(res, 'req')) res.req = req
}
