import { type InEachLanguage, phrasesOf } from '../words/phrase.ts'
import { ProxiedCallError } from './through-proxy.ts'

const phrase = phrasesOf(import.meta.url)

/** Why there was no answer at all, in words, and what helps. */
export interface NetworkFault {
  words: InEachLanguage
  fix: InEachLanguage
}

const kinds: ReadonlyArray<{ codes: RegExp; words: InEachLanguage; fix: InEachLanguage }> = [
  {
    codes: /^(TimeoutError|AbortError|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/,
    words: phrase`no answer in time`,
    fix: phrase`See whether it is up, and whether a firewall drops connections from here.`,
  },
  {
    codes: /^AnswerTooLongError$/,
    words: phrase`more than a megabyte, which is not read`,
    fix: phrase`See whether the address is right: nothing that belongs there has so much to say.`,
  },
  {
    codes: /^ECONNREFUSED$/,
    words: phrase`connection refused: nothing listens there`,
    fix: phrase`Start what should listen there, or correct the port.`,
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/,
    words: phrase`the host name is not known to DNS`,
    fix: phrase`Correct the host name, or the DNS of this machine.`,
  },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    words: phrase`its TLS certificate has expired`,
    fix: phrase`Renew the certificate.`,
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    words: phrase`its TLS certificate is for another host name`,
    fix: phrase`Use the host name the certificate is for, or give the host a certificate of its own name.`,
  },
  {
    codes: /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+)$/,
    words: phrase`its TLS certificate is signed by nobody this machine trusts`,
    fix: phrase`Serve the whole chain of a trusted certificate, or name your own authority to Node.js with NODE_EXTRA_CA_CERTS=/path/to/ca.pem.`,
  },
  {
    codes: /^(ERR_SSL_\w+|EPROTO)$/,
    words: phrase`it does not speak TLS there`,
    fix: phrase`Write http:// where it is meant to be plain, or correct the port.`,
  },
  {
    codes: /^(ECONNRESET|UND_ERR_SOCKET|EPIPE)$/,
    words: phrase`the connection was closed before an answer came`,
    fix: phrase`See its log for the reason, and whether the address wants https:// instead of http://, or the other way round.`,
  },
  {
    codes: /^(ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/,
    words: phrase`there is no way from here to its network`,
    fix: phrase`Check the network of this machine, its VPN and its proxy.`,
  },
]

/**
 * Puts a call that got no answer into words.
 *
 * @param error what `fetch` or `fetchWithin` raised
 */
export function networkFault(error: unknown): NetworkFault {
  const chain = errorsIn(error)
  const codes = chain.flatMap(codesOf)
  const proxied = chain.find((one) => one instanceof ProxiedCallError)
  const refused = refusedTunnel(chain)
  const known = kinds.find(({ codes: pattern }) => codes.some((code) => pattern.test(code)))
  const fault = (!refused && known) || {
    words: refused ?? phrase`no answer that can be read (${codes.at(-1) ?? phrase`for an unknown reason`})`,
    fix: phrase`See whether the address is right, and what answers there.`,
  }
  if (!proxied) return fault
  return {
    words: phrase`${fault.words}; asked through the proxy ${proxied.proxy}`,
    fix: phrase`See that the proxy is up, knows the host and lets it through (HTTPS_PROXY, HTTP_PROXY); put a host that needs no proxy into NO_PROXY. ${fault.fix}`,
  }
}

/** What a proxy answers instead of opening a tunnel (RFC 9110 §9.3.6), which undici tells in words alone. */
function refusedTunnel(chain: readonly Error[]): InEachLanguage | undefined {
  const status = chain.map(({ message }) => /Proxy response \((\d{3})\)/.exec(message)?.[1]).find(Boolean)
  return status ? phrase`the proxy refuses (${status})` : undefined
}

const codesOf = (error: Error): string[] => [
  error.name,
  ...('code' in error && typeof error.code === 'string' ? [error.code] : []),
]

/** An error and its causes; a host with several addresses has an error for each. */
function errorsIn(error: unknown, depth = 6): Error[] {
  if (!(error instanceof Error) || depth === 0) return []
  const several = error instanceof AggregateError ? error.errors : []
  return [error, ...[error.cause, ...several].flatMap((inner) => errorsIn(inner, depth - 1))]
}
