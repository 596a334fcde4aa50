import type { Request } from 'express'
import { describe, expect, it } from 'vitest'
import { signedInFrom } from '../../../src/sso/session/session-data.ts'

const asked = (userAgent: string | undefined, ip?: string) =>
  signedInFrom({ get: () => userAgent, ip, socket: {} } as unknown as Request)

describe('signedInFrom', () => {
  it('browser, of an ordinary header, is named with its system and address', () => {
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
    expect(asked(firefox, '203.0.113.7')).toEqual({
      browser: 'Firefox',
      system: 'Linux',
      address: '203.0.113.7',
    })
  })

  it('address, with the port of the connection, is kept without it', () => {
    expect(asked('curl/8.5.0', '203.0.113.7:50123').address).toBe('203.0.113.7')
  })

  it('address, that is none, is left out', () => {
    expect(asked('curl/8.5.0', '1'.repeat(300)).address).toBeUndefined()
  })

  it('header, left out, leaves nothing behind', () => {
    expect(asked(undefined)).toEqual({})
  })

  it('name, that is long, is cut', () => {
    expect(asked(`${'x'.repeat(300)}/1.0 (y)`).browser).toBe('x'.repeat(40))
  })

  it('header, past any browser’s length, is not read to its end', () => {
    expect(asked(`curl/8.5.0 ${'x'.repeat(600)} Firefox/140.0`).browser).not.toBe('Firefox')
  })
})
