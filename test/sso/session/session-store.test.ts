import { describe, expect, it, vi } from 'vitest'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import { SessionStore } from '../../../src/sso/session/session-store.ts'

const hour = 3_600_000

/** A store with one session in it. */
async function storeWithOne() {
  const backend = memoryBackend({ idle: hour })
  const store = new SessionStore(backend, hour)
  const startedAt = Date.now()
  await store.create('id', {
    logto: {},
    claims: { sub: 'user-1' },
    tokensAt: 1,
    startedAt,
    companyNames: ['identity:erin', 'company:acme'],
    endsAt: startedAt + hour,
  })
  return { backend, store, startedAt }
}

describe('a session that two requests write to', () => {
  it('session, ended meanwhile, is not written back', async () => {
    const { backend, store, startedAt } = await storeWithOne()
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

  it('session, changed by others each time it is read, is given up at last', async () => {
    const { backend, store } = await storeWithOne()
    const replace = vi.spyOn(backend, 'replace').mockResolvedValue(false)
    await expect(store.change('id', (session) => session)).rejects.toThrow('without end')
    expect(replace.mock.calls.length).toBeGreaterThan(2)
  })
})

describe('a session that has ended', () => {
  it.each<[string, (store: SessionStore) => Promise<unknown>]>([
    ['by itself', (store) => store.end('id')],
    ['with all of the person', (store) => store.endAll('sub:user-1')],
    ['by a company', (store) => store.endByCompany([{ name: 'identity:erin', begunBy: Date.now() }])],
  ])('session, ended %s, leaves none of its names behind', async (_how, end) => {
    const { backend, store } = await storeWithOne()
    const dropNames = vi.spyOn(backend, 'dropNames')
    await end(store)
    expect(dropNames.mock.calls).toEqual([['id', ['sub:user-1', 'identity:erin']]])
  })

  it('person, spoken of by their company, is remembered for as long as Logto remembers them', async () => {
    const { backend, store } = await storeWithOne()
    const removeBegunBy = vi.spyOn(backend, 'removeBegunBy')
    await store.endByCompany([{ name: 'identity:erin', begunBy: 1 }])
    expect(removeBegunBy.mock.calls[0]?.[1]).toBe(14 * 24 * hour)
  })
})
