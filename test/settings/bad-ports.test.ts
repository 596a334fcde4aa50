import { describe, expect, it } from 'vitest'
import { isBadPort } from '../../src/settings/values/bad-ports.ts'

/** Whether the platform's `fetch` would go there; it goes nowhere. */
async function isRefused(port: number): Promise<boolean> {
  const dispatcher = {
    dispatch() {
      throw new Error('it would have gone there')
    },
  }
  const error = await fetch(`http://127.0.0.1:${port}`, { dispatcher } as object).catch((error) => error)
  return error.cause?.message === 'bad port'
}

describe('ports', () => {
  it('ports, those that fetch refuses, are the ones in the list', async () => {
    const ports = Array.from({ length: 11_000 }, (_, port) => port + 1)
    const refused = await Promise.all(ports.map(isRefused))
    expect(ports.filter((port) => isBadPort(port))).toEqual(ports.filter((_, index) => refused[index]))
    expect(ports.filter((port) => isBadPort(port)).length).toBeGreaterThan(80)
  })
})
