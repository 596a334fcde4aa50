/** Why there was no answer at all, in words, and what helps. */
export interface NetworkFault {
  words: string
  mend: string
}

const kinds: ReadonlyArray<{ codes: RegExp; words: string; mend: string }> = [
  {
    codes: /^(TimeoutError|AbortError|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/,
    words: 'no answer in time',
    mend: 'See whether it is up, and whether a firewall drops connections from here.',
  },
  {
    codes: /^AnswerTooLongError$/,
    words: 'more than a megabyte, which is not read',
    mend: 'See whether the address is right: nothing that belongs there has so much to say.',
  },
  {
    codes: /^ECONNREFUSED$/,
    words: 'connection refused: nothing listens there',
    mend: 'Start what should listen there, or correct the port.',
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/,
    words: 'the host name is not known to DNS',
    mend: 'Correct the host name, or the DNS of this machine.',
  },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    words: 'its TLS certificate has expired',
    mend: 'Renew the certificate.',
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    words: 'its TLS certificate is for another host name',
    mend: 'Use the host name the certificate is for, or give the host a certificate of its own name.',
  },
  {
    codes: /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+)$/,
    words: 'its TLS certificate is signed by nobody this machine trusts',
    mend: 'Serve the whole chain of a trusted certificate, or name your own authority to Node.js with NODE_EXTRA_CA_CERTS=/path/to/ca.pem.',
  },
  {
    codes: /^(ERR_SSL_\w+|EPROTO)$/,
    words: 'it does not speak TLS there',
    mend: 'Write http:// where it is meant to be plain, or correct the port.',
  },
  {
    codes: /^(ECONNRESET|UND_ERR_SOCKET|EPIPE)$/,
    words: 'the connection was closed before an answer came',
    mend: 'See its log for the reason, and whether the address wants https:// instead of http://, or the other way round.',
  },
  {
    codes: /^(ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/,
    words: 'there is no way from here to its network',
    mend: 'Check the network of this machine, its VPN and its proxy.',
  },
]

/**
 * Puts a call that got no answer into words.
 *
 * @param error what `fetch` or `fetchWithin` raised
 */
export function networkFault(error: unknown): NetworkFault {
  const codes = codesOf(error)
  const kind = kinds.find(({ codes: pattern }) => codes.some((code) => pattern.test(code)))
  if (kind) return kind
  return {
    words: `no answer that can be read (${codes.at(-1) ?? 'for an unknown reason'})`,
    mend: 'See whether the address is right, and what answers there.',
  }
}

/** Codes and names of an error and of its causes; a host with several addresses has an error for each. */
function codesOf(error: unknown, depth = 5): string[] {
  if (!(error instanceof Error) || depth === 0) return []
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  const several = error instanceof AggregateError ? error.errors : []
  return [error.name, ...code, ...[error.cause, ...several].flatMap((inner) => codesOf(inner, depth - 1))]
}
