import { isIP, isIPv6, SocketAddress } from 'node:net'
import express, { type Application, type Request } from 'express'
import proxyAddress from 'proxy-addr'

/** Whether the proxy of an address, at so many hops from here, is believed. */
export type Trust = (address: string | undefined, hop: number) => boolean

/** Says who is believed about the requests of an app. */
export type TrustOf = (app: Application) => Trust

/**
 * The address of whoever asks, as proxies that are believed tell it, written in one way wherever it is logged, counted
 * or shown: without the port that some proxies put behind it (new with each connection), without brackets and zone, an
 * IPv4 address mapped to IPv6 as itself (RFC 4291 §2.5.5.2), an IPv6 address as RFC 5952 has it.
 *
 * @returns the address; the last hop's where a proxy forwarded none; undefined once the connection is gone
 */
export function visitorAddress(req: Request): string | undefined {
  const { socket, sso } = req
  // Without a connection there is nobody to believe.
  const address = sso && socket.remoteAddress !== undefined ? proxyAddress(req, sso.trusts) : req.ip
  return addressIn(address) ?? addressIn(socket.remoteAddress)
}

/** The host that the visitor asked for; a proxy that is believed may say so in `X-Forwarded-Host`. */
export function visitorHost(req: Request): string {
  const forwarded = req.headers['x-forwarded-host']
  const [first = ''] = String(forwarded ?? '').split(',')
  const isTold = first.trim() !== '' && req.sso?.trusts(req.socket.remoteAddress, 0) === true
  return isTold ? first.trim() : (req.headers.host ?? '')
}

/** @returns the address in a text that may have a port; undefined for anything else */
export function addressIn(text = ''): string | undefined {
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
