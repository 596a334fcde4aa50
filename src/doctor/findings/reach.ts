import { BlockList, isIP } from 'node:net'

/** Looks a host name up. @returns its addresses @throws when it has none */
export type Lookup = (hostname: string) => Promise<string[]>

/** From where a host can be reached; `unknown` where its name cannot be looked up here. */
export type Reach = 'loopback' | 'private' | 'public' | 'unknown'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** The IANA special-purpose registries (RFC 6890), as far as a host may have such an address. */
const notPublic = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ['::', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv6')
}

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
  if (addresses.some((address) => isIn(loopback, address))) return 'loopback'
  return addresses.some((address) => isIn(notPublic, address)) ? 'private' : 'public'
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
