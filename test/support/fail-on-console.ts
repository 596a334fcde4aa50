import { afterEach, beforeEach, expect, vi } from 'vitest'

// The library's own notice on Node.js 20, printed when it is imported; nothing of ours can be done about it.
const expected = /^oidc-provider WARNING: Unsupported runtime\./

const methods = ['log', 'info', 'warn', 'error', 'debug'] as const
const printed: string[] = []

beforeEach(() => {
  for (const method of methods) {
    vi.spyOn(console, method).mockImplementation((...parts) => {
      const line = parts.map(String).join(' ')
      if (!expected.test(line)) printed.push(`console.${method}: ${line}`)
    })
  }
})

afterEach(() => {
  vi.restoreAllMocks()
  expect(printed.splice(0), 'nothing may print to the console').toEqual([])
})
