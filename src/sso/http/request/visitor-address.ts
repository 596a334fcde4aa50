import { isIP, isIPv6, SocketAddress } from 'node:net'
import type { Express, Request } from 'express'

/**
 * The address of whoever asks, by `trust proxy`, written in one way wherever it is logged, counted or shown: without
 * the port that some proxies put behind it (new with each connection), without brackets and zone, an IPv4 address
 * mapped to IPv6 as itself (RFC 4291 §2.5.5.2), an IPv6 address as RFC 5952 has it.
 *
 * @returns the address; the last hop's where a proxy forwarded none; undefined once the connection is gone
 */
export function visitorAddress(req: Request): string | undefined {
  const trusting = req.told?.trusting
  const { ip }: Request = trusting ? Object.create(req, { app: { value: trusting } }) : req
  return addressIn(ip) ?? addressIn(req.socket.remoteAddress)
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
 * Has an app believe the proxies that `TRUST_PROXY` names, whether or not one is written with its port.
 *
 * @param trust as Express has `trust proxy`
 */
export function trustProxies(app: Express, trust: number | readonly string[] | false): void {
  app.set('trust proxy', trust)
  const trusts: (address: string | undefined, hop: number) => boolean = app.get('trust proxy fn')
  app.set('trust proxy', (address: string, hop: number) => trusts(addressIn(address), hop))
}
