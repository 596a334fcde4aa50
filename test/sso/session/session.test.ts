import { describe, expect, it, vi } from 'vitest'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../../src/sso/session/backend/session-backend.ts'
import { signedInApp, signIn, testApp } from '../../support/app.ts'
import { cookieIn } from '../../support/responses.ts'
import { watchedBackend } from '../../support/watched-backend.ts'

const [older, newer] = ['older-secret-0123456789-abcdefghij', 'newer-secret-0123456789-abcdefghij']

async function cookieSignedWith(secret: string, backend: SessionBackend): Promise<string> {
  const test = testApp({ backend, settings: { SESSION_SECRET: secret } })
  return cookieIn(await signIn(test.browser(), test), 'session') ?? ''
}

describe('sessions', () => {
  it.each([
    ['is in the list still', `${newer},${older}`, 200],
    ['is gone from the list', newer, 401],
  ])('session, its secret %s, is treated so', async (_what, secrets, status) => {
    const backend = memoryBackend({ idle: 3_600_000 })
    const cookie = await cookieSignedWith(older, backend)
    const { browser } = testApp({ backend, settings: { SESSION_SECRET: secrets } })
    expect((await browser().get('/api/me').set('cookie', cookie)).status).toBe(status)
  })

  it('session, one that is only read, is not written', async () => {
    const backend = watchedBackend()
    const { browser } = await signedInApp({ backend })
    const writes = (['create', 'replace', 'remove', 'endBy'] as const).map((name) => vi.spyOn(backend, name))
    await browser.get('/')
    for (const write of writes) expect(write).not.toHaveBeenCalled()
  })
})
