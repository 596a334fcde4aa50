/**
 * What ends the name of each cookie of a server here. All ports of localhost share their cookies (RFC 6265 §8.5), and
 * two sandboxes would take each other's; Logto and Okta themselves have a host each.
 *
 * @param address the server's own
 */
export const cookieSuffix = (address: string): string => `_${new URL(address).port}`
