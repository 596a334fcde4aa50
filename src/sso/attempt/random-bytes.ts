import { randomFillSync } from 'node:crypto'

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
