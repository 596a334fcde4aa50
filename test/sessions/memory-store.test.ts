import { promisify } from 'node:util'
import type { SessionData } from 'express-session'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { memoryStore } from '../../src/sessions/memory-store.ts'

const session = { cookie: { originalMaxAge: null }, logto: { idToken: 'token' } } as SessionData

const open = () => {
  const store = memoryStore()
  return {
    set: (id: string) => promisify(store.set.bind(store))(id, session),
    get: (id: string) => promisify(store.get.bind(store))(id),
  }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('memoryStore', () => {
  it('session, idle for almost eight hours, is there; a little later it is gone', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const store = open()
    await store.set('a')
    vi.setSystemTime(Date.now() + 8 * 3600_000 - 1000)
    expect(await store.get('a')).toEqual(session)
    vi.setSystemTime(Date.now() + 2000)
    expect(await store.get('a')).toBeUndefined()
  })

  it('sessions, more than it holds, push out the one unused longest', async () => {
    const store = open()
    await store.set('first')
    await Promise.all(Array.from({ length: 100_000 }, (_, number) => store.set(`${number}`)))
    expect(await store.get('first')).toBeUndefined()
    expect(await store.get('99999')).toBeDefined()
  })
})
