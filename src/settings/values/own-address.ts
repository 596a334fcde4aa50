import { parseWebAddress } from './web-address.ts'

const usualPort = 3000

/** Whether a host name, as `URL` has it, is this machine's own. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
}

/**
 * Whether a browser goes to this machine for a host name: also for every name below `localhost` (RFC 6761 §6.3), for which
 * other programs may ask the network.
 */
export function isLoopbackInBrowsers(hostname: string): boolean {
  return isLoopback(hostname) || hostname.endsWith('.localhost')
}

/**
 * Where people reach the app and where it listens. What is not written follows from the other; a proxy may stand
 * between the two, so that both can be written.
 *
 * @param usual the port where neither is
 */
export function ownAddress(
  given: { BASE_URL?: string | undefined; PORT?: number | undefined },
  usual = usualPort,
): { baseUrl: string; port: number } {
  const { BASE_URL, PORT = loopbackPort(BASE_URL) ?? usual } = given
  return { baseUrl: BASE_URL ?? `http://localhost:${PORT}`, port: PORT }
}

/**
 * The port of this machine that an http address leads to; https ends at a proxy.
 *
 * @returns undefined where it leads elsewhere
 */
export function loopbackPort(address = ''): number | undefined {
  const url = parseWebAddress(address)
  return url?.protocol === 'http:' && isLoopbackInBrowsers(url.hostname) ? Number(url.port || 80) : undefined
}
