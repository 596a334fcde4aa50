import { setTimeout as pause } from 'node:timers/promises'
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose'

/** How long Logto is left alone between two look-ups that strangers can cause, in milliseconds. */
const rest = 2000

/** Logto's keys, for two kinds of tokens. Either way a key that is not known yet is asked for: keys are rotated. */
export interface LogtoKeys {
  /** For tokens that come straight from Logto: an unknown key is asked for at once. */
  ofTokensFromLogto: JWTVerifyGetKey
  /**
   * For tokens that anybody can send: an unknown key is asked for at most every two seconds, by everybody who waits
   * together. A stranger who makes keys up can neither make us flood Logto nor keep a new key of Logto's from being
   * found, since nobody is turned away unless Logto was asked after the token came.
   */
  ofTokensFromAnybody: JWTVerifyGetKey
}

/**
 * One key set for all requests, asked for when it is first needed and again after ten minutes.
 *
 * @param send `fetch` with a time limit
 * @returns a function that gives the keys at an address; both look-ups raise what `jose` and `send` raise
 */
export function logtoKeys(send: typeof fetch): (uri: string) => LogtoKeys {
  let known: { uri: string; keys: LogtoKeys } | undefined
  return (uri) => {
    if (known?.uri !== uri) known = { uri, keys: keysAt(uri, send) }
    return known.keys
  }
}

function keysAt(uri: string, send: typeof fetch): LogtoKeys {
  // It never asks again for an unknown key by itself: when that may be depends on where the token came from.
  const keys = createRemoteJWKSet(new URL(uri), {
    [customFetch]: send,
    cooldownDuration: Number.POSITIVE_INFINITY,
  })
  const askingAgainBy =
    (askAgain: () => Promise<void>): JWTVerifyGetKey =>
    async (header, token) => {
      try {
        return await keys(header, token)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
        await askAgain()
        return keys(header, token)
      }
    }
  return {
    ofTokensFromLogto: askingAgainBy(keys.reload),
    ofTokensFromAnybody: askingAgainBy(withRests(keys.reload)),
  }
}

/** Puts a rest between two calls. Whoever asks during it shares the call that follows. */
function withRests(call: () => Promise<void>): () => Promise<void> {
  let next: Promise<void> | undefined
  let earliest = 0
  const whenRested = async () => {
    await pause(Math.max(0, earliest - performance.now()))
    next = undefined
    earliest = performance.now() + rest
    await call()
  }
  return () => {
    next ??= whenRested()
    return next
  }
}
