import { BlockList, isIPv6 } from 'node:net'

/** IPv4 networks that are not everybody's (IANA's special-purpose registry, RFC 6890), multicast, and what is reserved. */
const notPublic = new BlockList()
for (const [network, bits] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
  ] as const),
  ...([
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
  ] as const),
  ...([
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
] as const) {
  notPublic.addSubnet(network, bits, 'ipv4')
}
/** Where Azure's machines reach their host; it looks public, and is not. */
notPublic.addAddress('168.63.129.16', 'ipv4')

/** All that is given out to networks (RFC 4291 §2.4), */
const global = new BlockList()
global.addSubnet('2000::', 3, 'ipv6')
/** but for what holds an IPv4 address (Teredo, 6to4), and what is for examples. */
for (const [network, bits] of [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv6')
}

/** Whether an IP address is one that anybody on the internet may call. */
export function isPublicAddress(address: string): boolean {
  if (!isIPv6(address)) return !notPublic.check(address, 'ipv4')
  return global.check(address, 'ipv6') && !notPublic.check(address, 'ipv6')
}
