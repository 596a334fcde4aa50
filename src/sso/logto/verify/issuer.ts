import { setTimeout as pause } from 'node:timers/promises'
import { createRemoteJWKSet, customFetch, errors, flattenedVerify, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { usableKeys } from './usable-keys.ts'

/** What an issuer says of itself. Both raise what kept it from being read. */
export interface Discovery<Metadata> {
  /** Asked for once in five minutes. */
  metadata: () => Promise<Metadata>
  /** Asks now. What was known is believed until there is an answer. */
  reload: () => Promise<Metadata>
}

/** How long one answer is believed, in milliseconds. */
const lifetime = 5 * 60_000

/**
 * Asks an issuer at most once at a time. Everybody who asks while a call is under way shares its outcome, so that no one
 * waits for more than one time limit; a failure is not kept.
 *
 * @param ask reads what the issuer says now
 */
export function remembered<Metadata>(ask: () => Promise<Metadata>): Discovery<Metadata> {
  let known: { metadata: Metadata; until: number } | undefined
  let call: Promise<Metadata> | undefined

  async function anew(): Promise<Metadata> {
    const until = Date.now() + lifetime
    const metadata = await ask()
    known = { metadata, until }
    return metadata
  }

  function reload(): Promise<Metadata> {
    call ??= anew().finally(() => {
      call = undefined
    })
    return call
  }

  return { metadata: async () => (known && Date.now() < known.until ? known.metadata : reload()), reload }
}

/** How long an issuer is left alone between two look-ups that strangers can cause, in milliseconds. */
const rest = 2000

/**
 * An issuer's keys, Logto's or a company's, for two kinds of tokens. They are rotated, to another algorithm and another
 * address too. So either way the issuer is asked anew about a key it has not named yet, or an algorithm it has not
 * announced.
 */
export interface IssuerKeys {
  /** For tokens that come straight from the issuer: it is asked at once. */
  ofTokensFromIssuer: JWTVerifyGetKey
  /**
   * For tokens that anybody can send: it is asked at most every two seconds, by everybody who waits together. A stranger
   * who makes keys up can neither make us flood the issuer nor keep a new key of its from being found, since nobody is
   * turned away unless it was asked after the token came.
   */
  ofTokensFromAnybody: JWTVerifyGetKey
}

/**
 * One key set for all requests, asked for when it is first needed and again after ten minutes.
 *
 * @param discovery where the keys are, and what they sign with
 * @param send `fetch` with a time limit
 * @returns two look-ups that raise what `discovery`, `jose` and `send` raise
 */
export function issuerKeys(
  discovery: Discovery<{ jwksUri: string; algorithms: readonly string[] }>,
  send: typeof fetch,
): IssuerKeys {
  let known: { uri: string; keys: ReturnType<typeof keySet> } | undefined

  const look: JWTVerifyGetKey = async (header, jws) => {
    const { jwksUri: uri, algorithms } = await discovery.metadata()
    if (!algorithms.includes(header.alg)) throw new errors.JOSEAlgNotAllowed('not announced by the issuer')
    if (known?.uri !== uri) known = { uri, keys: keySet(uri, send) }
    return keyOfSignature(known.keys, header, jws)
  }

  /** @returns what kept it from answering, if anything did */
  async function askIssuer(): Promise<unknown> {
    const asked = await Promise.allSettled([known?.keys.reload(), discovery.reload()])
    return asked.find((outcome) => outcome.status === 'rejected')?.reason
  }

  const askingBy =
    (ask: () => Promise<unknown>): JWTVerifyGetKey =>
    async (header, jws) => {
      try {
        return await look(header, jws)
      } catch (error) {
        if (!isUnknown(error)) throw error
        const fault = await ask()
        return Promise.resolve(look(header, jws)).catch((again) => {
          // What could not be looked up is not known to be wrong.
          throw fault && isUnknown(again) ? fault : again
        })
      }
    }
  return { ofTokensFromIssuer: askingBy(askIssuer), ofTokensFromAnybody: askingBy(withRests(askIssuer)) }
}

const isUnknown = (error: unknown) =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSEAlgNotAllowed

function keySet(uri: string, send: typeof fetch) {
  return createRemoteJWKSet(new URL(uri), {
    [customFetch]: async (...request) => withUsableKeys(await send(...request)),
    // It never asks again for an unknown key by itself: when that may be depends on where the token came from.
    cooldownDuration: Number.POSITIVE_INFINITY,
  })
}

const keySetShape = z.object({ keys: z.array(z.unknown()) })

/** What is no key set is left for `jose` to refuse. */
async function withUsableKeys(response: Response): Promise<Response> {
  const set = keySetShape.safeParse(
    await response
      .clone()
      .json()
      .catch(() => undefined),
  ).data
  return set ? Response.json({ keys: usableKeys(set.keys) }, { status: response.status }) : response
}

/** Of keys that go by one name, or where a token names none, the one that made the signature. */
async function keyOfSignature(keys: JWTVerifyGetKey, ...[header, jws]: Parameters<JWTVerifyGetKey>) {
  try {
    return await keys(header, jws)
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      if (await flattenedVerify(jws, key).catch(() => false)) return key
    }
    throw new errors.JWKSNoMatchingKey()
  }
}

/** Puts a rest between two calls. Whoever asks during it shares the call that follows. */
function withRests<T>(call: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | undefined
  let earliest = 0
  const whenRested = async () => {
    await pause(Math.max(0, earliest - performance.now()))
    next = undefined
    earliest = performance.now() + rest
    return call()
  }
  return () => {
    next ??= whenRested()
    return next
  }
}
