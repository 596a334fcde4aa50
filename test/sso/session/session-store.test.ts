import { promisify } from 'node:util'
import type { Request } from 'express'
import type { SessionData } from 'express-session'
import { describe, expect, it } from 'vitest'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { StoredSession } from '../../../src/sso/session/session-data.ts'
import { SessionStore } from '../../../src/sso/session/session-store.ts'

const hour = 3_600_000
const signedIn = (): StoredSession => ({
  logto: { idToken: 'first' },
  tokensAt: 1,
  sub: 'user-1',
  startedAt: Date.now(),
  endsAt: Date.now() + hour,
})

/** A store with one session, and requests that hold it as express-session does. */
async function open() {
  const backend = memoryBackend({ idle: hour })
  const store = new SessionStore(backend, { idle: hour, cookie: {} })
  const save = promisify(store.set.bind(store)) as (id: string, session: object) => Promise<void>
  const load = promisify(store.get.bind(store)) as (id: string) => Promise<SessionData>
  await save('id', signedIn())
  const held = async () => {
    const req = { sessionID: 'id', sessionStore: store } as unknown as Request
    return store.createSession(req, await load('id')) as unknown as StoredSession
  }
  return { store, save, held }
}

describe('a session that two requests write to', () => {
  it('session, ended meanwhile, is not written back', async () => {
    const { store, save, held } = await open()
    const session = await held()
    await store.endAll('sub:user-1')
    session.cart = ['a book']
    await save('id', session)
    expect(await store.read('id')).toBeUndefined()
    expect(await store.find('sub:user-1')).toEqual([])
  })
})
