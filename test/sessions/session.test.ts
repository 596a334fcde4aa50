import { MemoryStore } from 'express-session'
import { describe, expect, it, vi } from 'vitest'
import { signIn, testApp } from '../support/app.ts'
import { cookieIn } from '../support/responses.ts'

const [older, newer] = ['older-secret-0123456789-abcdefghij', 'newer-secret-0123456789-abcdefghij']

async function cookieSignedWith(secret: string, store: MemoryStore): Promise<string> {
  const test = testApp({ store, settings: { SESSION_SECRET: secret } })
  return cookieIn(await signIn(test.browser(), test), 'session') ?? ''
}

describe('sessions', () => {
  it.each([
    ['is in the list still', `${newer},${older}`, 'You are signed in'],
    ['is gone from the list', newer, 'You are not signed in'],
  ])('session, its secret %s, is treated so', async (_what, secrets, shown) => {
    const store = new MemoryStore()
    const cookie = await cookieSignedWith(older, store)
    const { browser } = testApp({ store, settings: { SESSION_SECRET: secrets } })
    expect((await browser().get('/').set('cookie', cookie)).text).toContain(shown)
  })

  it('session, one that is only read, is not written', async () => {
    const store = new MemoryStore()
    const test = testApp({ store })
    const browser = test.browser()
    await signIn(browser, test)
    const write = vi.spyOn(store, 'set')
    await browser.get('/')
    expect(write).not.toHaveBeenCalled()
  })

  it.each(['session=', 'session=s%3Aforged.signature', 'session=plain', `session=${'x'.repeat(4000)}`])(
    'session cookie, %s, is nobody',
    async (cookie) => {
      const response = await testApp().browser().get('/').set('cookie', cookie)
      expect(response.text).toContain('You are not signed in')
    },
  )
})
