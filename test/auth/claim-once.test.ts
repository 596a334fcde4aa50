import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { claimOnce } from '../../src/auth/claim-once.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('claimOnce', () => {
  it('claim, the same name twice, is good once', () => {
    const claim = claimOnce(1000)
    expect([claim('a'), claim('a'), claim('b')]).toEqual([true, false, true])
  })

  it('claim, its time over, is forgotten', () => {
    const claim = claimOnce(1000)
    claim('a')
    vi.setSystemTime(Date.now() + 999)
    expect(claim('a')).toBe(false)
    vi.setSystemTime(Date.now() + 1)
    expect(claim('a')).toBe(true)
  })

  it('claims, more than are remembered, push out the oldest', () => {
    const claim = claimOnce(1000)
    for (let number = 0; number <= 50_000; number++) claim(`${number}`)
    expect(claim('50000')).toBe(false)
    expect(claim('0')).toBe(true)
  })
})
