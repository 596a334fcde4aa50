/** Host and port as a URL has them (RFC 3986 §3.2.2). */
export const placeOf = (host = '', port: number | string = '') =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`

/** The same user, password and database elsewhere. @param place host and port */
export function urlAt(url: string, place: string): string {
  const there = new URL(url)
  there.host = place
  return there.href
}
