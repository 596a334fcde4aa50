import { randomUUID } from 'node:crypto'

/** A short name for one request or one mishap, shown to the person and in the log: 10 hexadecimal digits. */
export function newReference(): string {
  // Node.js has UUIDs in stock, and asks for other random bytes one request at a time. The first 12 digits are random.
  const uuid = randomUUID()
  return uuid.slice(0, 8) + uuid.slice(9, 11)
}
