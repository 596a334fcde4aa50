import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net'
import express, { type Application, type Request, type Response } from 'express'
import proxyAddress from 'proxy-addr'
import { hostChecked } from '../../addresses.ts'
import { keepOutOfCaches, seeOther, sendWhole } from '../answer.ts'
import { AppError } from '../app-error.ts'
import type { Logger } from '../logger.ts'

/** Whether the proxy of an address, at so many hops from here, is believed. */
export type Trust = (address: string | undefined, hop: number) => boolean

/** Says who is believed about the requests of an app. */
export type TrustOf = (app: Application) => Trust

/**
 * The address of whoever asks, as proxies that are believed tell it, written in one way wherever it is logged, counted
 * or shown: without the port that some proxies put behind it (new with each connection), without brackets and zone, an
 * IPv4 address mapped to IPv6 as itself (RFC 4291 §2.5.5.2), an IPv6 address as RFC 5952 has it.
 *
 * @returns the address; the last hop's where a proxy forwarded none; undefined where it is first asked for when the
 *   connection is gone
 */
export function visitorAddress(req: Request): string | undefined {
  const { socket, sso } = req
  // Limits, log lines and the session all ask.
  if (sso?.visitor !== undefined) return sso.visitor
  // Without a connection there is nobody to believe.
  const address = sso && socket.remoteAddress !== undefined ? proxyAddress(req, sso.trusts) : req.ip
  const visitor = addressIn(address) ?? addressIn(socket.remoteAddress)
  if (sso && visitor !== undefined) sso.visitor = visitor
  return visitor
}

/** The host that the visitor asked for; a proxy that is believed may say so in `X-Forwarded-Host`. */
function visitorHost(req: Request): string {
  const forwarded = req.headers['x-forwarded-host']
  const [first = ''] = String(forwarded ?? '').split(',')
  const isForwarded = first.trim() !== '' && req.sso?.trusts(req.socket.remoteAddress, 0) === true
  return isForwarded ? first.trim() : (req.headers.host ?? '')
}

/** @returns the address in a text that may have a port; undefined for anything else */
export function addressIn(text = ''): string | undefined {
  if (isIPv4(text)) return text
  const host = text.trim().replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
  const bare = (isIPv6(host) ? host : host.replace(/:\d+$/, '')).replace(/%.*$/, '')
  if (!isIP(bare)) return undefined
  if (!isIPv6(bare)) return bare
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' })
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}

/**
 * Who is believed: whom the app's own `trust proxy` names, and in an app that has none, whom `TRUST_PROXY` names. A
 * proxy may be written with its port.
 *
 * @param trust as Express has `trust proxy`
 */
export function trustOf(trust: number | readonly string[] | false): TrustOf {
  const read: Trust = express().set('trust proxy', trust).get('trust proxy fn')
  const ours: Trust = (address, hop) => read(addressIn(address), hop)
  return (app) => (app.get('trust proxy') ? app.get('trust proxy fn') : ours)
}

/**
 * Sends whoever came by another name of this host (127.0.0.1 for localhost, a second DNS name) to the same path and
 * query at `BASE_URL`, since the callback arrives there and the cookies of the other name do not. Where even a
 * redirected request has another host, a proxy rewrites it: that is said once, and the request goes on.
 *
 * @param baseUrl the one source of the target; the request's own host is never given out
 * @returns a function that tells whether it has sent the browser on
 */
export function canonicalHost(
  { baseUrl }: { readonly baseUrl: string },
  logger: Logger,
): (req: Request, res: Response) => boolean {
  const { host, hostname } = new URL(baseUrl)
  let said = false
  return (req, res) => {
    // Ports do not matter: cookies are for all of a host's (RFC 6265 §8.5).
    if (req.method !== 'GET' || visitorHost(req) === host || hostnameOf(req) === hostname) return false
    if (req.query[hostChecked] === undefined) {
      seeOther(res, elsewhere(req))
      return true
    }
    if (!said) {
      said = true
      logger.warn(
        {},
        `Requests to BASE_URL arrive with another host than ${hostname}: have the proxy pass Host on as it is, ` +
          'or send X-Forwarded-Host and be named in TRUST_PROXY; else correct BASE_URL.',
      )
    }
    return false
  }

  function elsewhere(req: Request): string {
    const url = new URL(baseUrl + req.path)
    const query = req.originalUrl.replace(/^[^?]*\??/, '')
    // First, where nothing that follows can hide it.
    url.search = `${hostChecked}=1${query && `&${query}`}`
    return url.href
  }
}

/** The host the visitor asked for, without its port. */
function hostnameOf(req: Request): string | undefined {
  const url = `http://${visitorHost(req)}`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

/** `Sec-Purpose` is the standard's (Fetch Standard), the others are older browsers'. */
const headers = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/**
 * Refuses requests a browser makes ahead of a click, since nobody has asked for anything yet. A status other than
 * 2xx makes the browser drop the prefetched answer and ask again on the click.
 */
export function refusePrefetch(req: Request): void {
  const purpose = headers.map((name) => req.get(name)).join(' ')
  if (!/\b(prefetch|prerender|preview)\b/i.test(purpose)) return
  throw new AppError({ status: 403, code: 'prefetch_refused' })
}

/**
 * What opens a link before a browser does: Word, Excel and the like, which follow redirects on their own and hand the
 * browser the last address of them, and what looks at a link for a preview or an index. None of them can sign anybody in.
 */
const openers =
  /ms-?office|microsoft (office|word|excel|powerpoint|outlook|onenote|visio|project|data access)|microsoft-webdav|(?<!cu)bot\b|preview|externalhit|meta-external|whatsapp\/|slack-|scrap|snippet|embedly|iframely|unfurl|crawl|spider|slurp/i

/** Whether a link is opened by something other than a browser. Browsers of today say how they navigate (Fetch Metadata). */
export function isLinkOpener(req: Request): boolean {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false
  return req.get('sec-fetch-mode') === undefined && openers.test(req.get('user-agent') ?? '')
}

/**
 * Has a browser ask for itself: a page that opens its own address once more. Whoever follows no more than redirects ends
 * here, at the address the link has.
 */
export function askByBrowser(res: Response): void {
  keepOutOfCaches(res)
  res.status(200)
  sendWhole(
    res,
    'text/html',
    '<!doctype html><html lang="en"><meta name="robots" content="noindex"><meta http-equiv="refresh" content="0">' +
      '<title>Sign in</title><p><a href="">Continue</a></html>',
  )
}
