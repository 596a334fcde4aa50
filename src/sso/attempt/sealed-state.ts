import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomFillSync,
} from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** What the `state` of an authorization request says, to us alone. */
export interface StateContents {
  /** Names the attempt, and its cookie. */
  id: string
  /** Where to bring the person afterwards; an absolute URL of ours. */
  returnTo: string
  /** How the person began, where it was not the plain way. */
  way?: string
  /** Seconds since the epoch. */
  expiresAt: number
}

/** Makes and reads `state` values. */
export interface StateSeal {
  seal: (contents: StateContents) => string
  /** @returns what a `state` says, however old; undefined for anything not sealed here, to the letter */
  open: (state: string) => StateContents | undefined
}

const algorithm = 'aes-256-gcm'
/** Bytes of a nonce, random for each state: good for 2^32 states under one secret (NIST SP 800-38D §8.3). */
const nonceLength = 12
/** Bytes of the tag that tells a change. No shorter one is taken. */
const authTagLength = 16
/** Characters from which on a text is compressed. */
const worthCompressing = 256
const compressedMark = Buffer.of(0)

/**
 * Keeps what a `state` says from everybody it passes by (Logto, logs, the browser's history), and from change. A state
 * is nonce, ciphertext and tag of AES-256-GCM, as base64url.
 *
 * @param secrets the first seals; every one opens
 */
export function stateSeal(secrets: readonly [string, ...string[]]): StateSeal {
  const [sealingKey, ...olderKeys] = [deriveKey(secrets[0]), ...secrets.slice(1).map(deriveKey)] as const
  return {
    seal: (contents) => sealWith(sealingKey, packed(JSON.stringify(contents))).toString('base64url'),
    open(state) {
      const sealed = Buffer.from(state, 'base64url')
      // The last character has spare bits: without this, several texts would open as one state.
      if (sealed.toString('base64url') !== state) return undefined
      for (const key of [sealingKey, ...olderKeys]) {
        const contents = openWith(key, sealed)
        if (contents !== undefined) return JSON.parse(unpacked(contents))
      }
      return undefined
    },
  }
}

/** A long text is compressed, for a state travels in headers. JSON never begins with the byte that says so. */
function packed(text: string): Buffer {
  return text.length < worthCompressing
    ? Buffer.from(text)
    : Buffer.concat([compressedMark, deflateRawSync(text)])
}

function unpacked(bytes: Buffer): string {
  return (bytes[0] === compressedMark[0] ? inflateRawSync(bytes.subarray(1)) : bytes).toString()
}

function sealWith(key: KeyObject, text: Buffer): Buffer {
  const nonce = randomFromStock(nonceLength)
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength })
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

/** @returns what was sealed; undefined unless this key sealed exactly this */
function openWith(key: KeyObject, sealed: Buffer): Buffer | undefined {
  if (sealed.length < nonceLength + authTagLength) return undefined
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceLength), { authTagLength })
  decipher.setAuthTag(sealed.subarray(-authTagLength))
  const text = decipher.update(sealed.subarray(nonceLength, -authTagLength))
  try {
    return Buffer.concat([text, decipher.final()])
  } catch {
    return undefined
  }
}

/** One secret, several uses: each gets a key of its own (RFC 5869 §3.2). */
function deriveKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'state of a sign-in attempt', 32)))
}

/** Bytes that are asked for at once. */
const size = 4096
const stock = Buffer.alloc(size)
let taken = size

/**
 * Random bytes that are as good as `randomBytes` gives, each given once, from a stock that serves some eighty sign-ins:
 * asking for them costs more than all that is done with them. Node.js makes its UUIDs in the same way.
 *
 * @param length how many, at most 4096
 */
export function randomFromStock(length: number): Buffer {
  if (length > size) throw new RangeError(`at most ${size} bytes`)
  if (taken + length > size) {
    randomFillSync(stock)
    taken = 0
  }
  const bytes = Buffer.from(stock.subarray(taken, taken + length))
  // What was given is somebody's secret now, and is nowhere else.
  stock.fill(0, taken, taken + length)
  taken += length
  return bytes
}
