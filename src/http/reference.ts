import { randomBytes } from 'node:crypto'

/** A short name for one request or one mishap, shown to the person and in the log: 10 hexadecimal digits. */
export function newReference(): string {
  return randomBytes(5).toString('hex')
}
