import { hkdfSync } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'

/** What the `state` of an authorization request says, to us alone. */
export interface StateContents {
  /** Names the attempt, and its cookie. */
  id: string
  /** Where to bring the person afterwards; an absolute URL of ours. */
  returnTo: string
  /** Seconds since the epoch. */
  expiresAt: number
}

/** Makes and reads `state` values. */
export interface StateSeal {
  seal: (contents: StateContents) => Promise<string>
  /** @returns what a `state` says, however old; undefined for anything not sealed here, to the letter */
  open: (state: string) => Promise<StateContents | undefined>
}

/**
 * Keeps what a `state` says from everybody it passes by (Logto, logs, the browser's history), and from change.
 *
 * @param secrets the first seals; every one opens
 */
export function stateSeal(secrets: readonly [string, ...string[]]): StateSeal {
  const [sealingKey, ...olderKeys] = [deriveKey(secrets[0]), ...secrets.slice(1).map(deriveKey)] as const
  return {
    seal: ({ id, returnTo, expiresAt }) =>
      new EncryptJWT({ id, returnTo })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(expiresAt)
        .encrypt(sealingKey),
    async open(state) {
      if (!isCanonical(state)) return undefined
      for (const key of [sealingKey, ...olderKeys]) {
        const contents = await openWith(key, state)
        if (contents) return contents
      }
      return undefined
    },
  }
}

async function openWith(key: Uint8Array, state: string): Promise<StateContents | undefined> {
  try {
    const { payload } = await jwtDecrypt<Omit<StateContents, 'expiresAt'>>(state, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      // Age is for the caller to judge, to whom an old attempt and a foreign one are not the same.
      currentDate: new Date(0),
    })
    return { id: payload.id, returnTo: payload.returnTo, expiresAt: payload.exp ?? 0 }
  } catch {
    return undefined
  }
}

/** One secret, several uses: each gets a key of its own (RFC 5869 §3.2). */
function deriveKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'sign-in attempt', 32))
}

/** The last character of a base64url text has spare bits: without this, several texts would open as one state. */
function isCanonical(state: string): boolean {
  return state.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
}
