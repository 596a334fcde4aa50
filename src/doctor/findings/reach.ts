import { BlockList, isIP } from 'node:net'
import { isPublicAddress } from '../../http-client/public-address.ts'

/** Looks a host name up. @returns its addresses @throws when it has none */
export type Lookup = (hostname: string) => Promise<string[]>

/** From where a host can be reached; `unknown` where its name cannot be looked up here. */
export type Reach = 'loopback' | 'private' | 'public' | 'unknown'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * From where a host can be reached, as far as its addresses tell.
 *
 * @param url any address on the host
 * @param lookup for host names; not asked for addresses and for `localhost`
 */
export async function reachOf(url: string, lookup: Lookup): Promise<Reach> {
  const hostname = new URL(url).hostname.replace(/^\[|\]$/g, '')
  // RFC 6761 §6.3: every name below localhost is loopback.
  if (/(^|\.)localhost\.?$/i.test(hostname)) return 'loopback'
  const addresses = isIP(hostname) ? [hostname] : await lookup(hostname).catch(() => [])
  if (addresses.length === 0) return 'unknown'
  if (addresses.some(isLoopback)) return 'loopback'
  return addresses.every(isPublicAddress) ? 'public' : 'private'
}

const isLoopback = (address: string) => loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
