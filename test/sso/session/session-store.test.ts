import { describe, expect, it } from 'vitest'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { SessionStore } from '../../../src/sso/session/session-store.ts'

const hour = 3_600_000

describe('a session that two requests write to', () => {
  it('session, ended meanwhile, is not written back', async () => {
    const backend = memoryBackend({ idle: hour })
    const store = new SessionStore(backend, hour)
    const startedAt = Date.now()
    await store.create('id', {
      logto: { idToken: 'first' },
      tokensAt: 1,
      sub: 'user-1',
      startedAt,
      endsAt: startedAt + hour,
    })
    const read = backend.read
    backend.read = async (id) => {
      const text = await read(id)
      await store.endAll('sub:user-1')
      return text
    }
    expect(await store.change('id', (session) => ({ ...session, seenAt: startedAt }))).toBeUndefined()
    expect(await store.read('id')).toBeUndefined()
    expect(await store.find('sub:user-1')).toEqual([])
  })
})
