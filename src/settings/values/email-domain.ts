import { domainToASCII } from 'node:url'

/** A domain name of two labels or more, in lower case. */
const domainName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

/** An email address, and its domain as `domainFrom` has it; empty where there is none. */
export interface EmailAddress {
  address: string
  domain: string
}

/**
 * A domain name as DNS has it, from whatever spelling of it somebody wrote: in capitals, full-width letters or a
 * language's own, with white space around it or a dot at its end. It is what browsers make of a domain in an
 * `<input type="email">` (UTS #46), after NFKC, which makes one dot and one space of the several that there are. No more
 * than that: a subdomain is another domain, and may be somebody else's.
 *
 * @returns lower-case ASCII; empty for what is no domain name of two labels or more
 */
export function domainFrom(text: string): string {
  const plain = text.normalize('NFKC').trim()
  // `domainToASCII` reads a host as a URL has it, which ends at `/` or `:` and decodes `%61`.
  if (/[^a-z0-9.\-\u0080-\u{10ffff}]/iu.test(plain)) return ''
  const ascii = domainToASCII(plain).replace(/\.$/, '')
  return domainName.test(ascii) ? ascii : ''
}

/**
 * Reads an email address. Its domain stands behind the last `@`, for the part before it may hold one in quotes
 * (RFC 5321 §4.1.2); that part keeps its case (§2.4).
 *
 * @param text of a form, a link, a setting or a claim
 * @returns the address in letters that DNS and mail have; what is no email address, without white space around it
 */
export function readEmail(text: string): EmailAddress {
  const plain = text.normalize('NFKC').trim()
  const at = plain.lastIndexOf('@')
  const said = plain.slice(at + 1).trim()
  const domain = at > 0 ? domainFrom(said) : ''
  if (domain === '') return { address: text.trim(), domain }
  return {
    address: `${plain.slice(0, at).trimEnd()}@${said.toLowerCase() === domain ? said : domain}`,
    domain,
  }
}
