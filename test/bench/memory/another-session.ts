import { randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { SessionName } from '../../../src/sso/session/session-data.ts'

/** ID tokens, and whatever else is long and random. */
const random = /eyJ[\w-]+\.[\w-]+\.[\w-]+|[\w-]{32,}/g

/**
 * A session of the same size as a real one that has no token, person or session ID in common with it, so that
 * nothing can be shared in memory.
 *
 * @param row a real session as JSON
 */
export function anotherSession(row: string): string {
  return row.replace(random, (text) => {
    const [header, payload, signature] = text.split('.')
    if (!payload || !signature) return randomText(text.length)
    return [header, anotherPayload(payload), randomText(signature.length)].join('.')
  })
}

function anotherPayload(payload: string): string {
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  for (const name of ['sub', 'sid']) {
    const value = claims[name]
    if (typeof value === 'string') claims[name] = randomText(value.length)
  }
  return Buffer.from(JSON.stringify(claims)).toString('base64url')
}

const randomText = (length: number) => randomBytes(length).toString('base64url').slice(0, length)

/** The names that a session goes by, from the ID token in its row. */
export function namesOf(row: string): SessionName[] {
  const { sub, sid } = decodeJwt(/eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(row)?.[0] ?? '')
  return [`sub:${sub}`, `sid:${sid}`]
}
