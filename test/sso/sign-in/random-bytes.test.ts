import { describe, expect, it } from 'vitest'
import { randomFromStock } from '../../../src/sso/attempt/sealed-state.ts'

describe('random bytes from a stock', () => {
  it('bytes, however many are asked for, are that many, and none are given twice', () => {
    const prefixes = new Set<string>()
    for (let i = 0; i < 2000; i++) {
      const length = [12, 36, 100, 4096][i % 4] ?? 12
      const bytes = randomFromStock(length)
      expect(bytes).toHaveLength(length)
      prefixes.add(bytes.toString('hex', 0, 12))
    }
    expect(prefixes.size).toBe(2000)
  })

  it('bytes, given, stay what they are when others are given', () => {
    const bytes = randomFromStock(36)
    const before = bytes.toString('hex')
    for (let i = 0; i < 300; i++) randomFromStock(36)
    expect(bytes.toString('hex')).toBe(before)
  })

  it('bytes, many, have each value about as often as any other', () => {
    const counts = new Array<number>(256).fill(0)
    for (let i = 0; i < 100; i++)
      for (const byte of randomFromStock(1000)) counts[byte] = (counts[byte] ?? 0) + 1
    // 390 of each are expected, with a deviation of 20.
    for (const count of counts) expect(Math.abs(count - 100_000 / 256)).toBeLessThan(160)
  })

  it('bytes, more than the stock holds, are refused', () => {
    expect(() => randomFromStock(4097)).toThrow(RangeError)
  })
})
