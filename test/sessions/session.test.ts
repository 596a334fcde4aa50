import { describe, expect, it, vi } from 'vitest'
import { memoryRows } from '../../src/sessions/memory-rows.ts'
import type { SessionRows } from '../../src/sessions/session-rows.ts'
import { signIn, testApp } from '../support/app.ts'
import { cookieIn } from '../support/responses.ts'
import { watchedRows } from '../support/watched-rows.ts'

const [older, newer] = ['older-secret-0123456789-abcdefghij', 'newer-secret-0123456789-abcdefghij']

async function cookieSignedWith(secret: string, rows: SessionRows): Promise<string> {
  const test = testApp({ rows, settings: { SESSION_SECRET: secret } })
  return cookieIn(await signIn(test.browser(), test), 'session') ?? ''
}

describe('sessions', () => {
  it.each([
    ['is in the list still', `${newer},${older}`, 'You are signed in'],
    ['is gone from the list', newer, 'You are not signed in'],
  ])('session, its secret %s, is treated so', async (_what, secrets, shown) => {
    const rows = memoryRows({ idle: 3_600_000 })
    const cookie = await cookieSignedWith(older, rows)
    const { browser } = testApp({ rows, settings: { SESSION_SECRET: secrets } })
    expect((await browser().get('/').set('cookie', cookie)).text).toContain(shown)
  })

  it('session, one that is only read, is not written', async () => {
    const rows = watchedRows()
    const test = testApp({ rows })
    const browser = test.browser()
    await signIn(browser, test)
    const writes = (['create', 'replace', 'remove', 'endBy'] as const).map((name) => vi.spyOn(rows, name))
    await browser.get('/')
    for (const write of writes) expect(write).not.toHaveBeenCalled()
  })

  it.each(['session=', 'session=s%3Aforged.signature', 'session=plain', `session=${'x'.repeat(4000)}`])(
    'session cookie, %s, is nobody',
    async (cookie) => {
      const response = await testApp().browser().get('/').set('cookie', cookie)
      expect(response.text).toContain('You are not signed in')
    },
  )
})
