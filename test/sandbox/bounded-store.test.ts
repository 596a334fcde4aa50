import { describe, expect, it, vi } from 'vitest'
import { BoundedStore } from '../../src/sandbox/shared/bounded-store.ts'
import { createProviderStorage } from '../../src/sandbox/shared/provider/provider-storage.ts'

describe('bounded store', () => {
  it('store, filled past its limit, forgets the oldest', () => {
    const store = new BoundedStore<number>(100)
    for (let index = 0; index < 10_000; index += 1) store.set(`key ${index}`, index, 60)
    expect(store.size).toBe(100)
    expect([store.get('key 9899'), store.get('key 9900')]).toEqual([undefined, 9900])
  })

  it('entry, written again, counts as the newest', () => {
    const store = new BoundedStore<number>(2)
    store.set('a', 1, 60)
    store.set('b', 2, 60)
    store.set('a', 3, 60)
    store.set('c', 4, 60)
    expect([store.get('a'), store.get('b')]).toEqual([3, undefined])
  })

  it('entry, past its time, is gone', () => {
    const store = new BoundedStore<number>(10)
    vi.useFakeTimers({ toFake: ['Date'] })
    store.set('a', 1, 60)
    vi.setSystemTime(Date.now() + 60_000)
    expect(store.get('a')).toBeUndefined()
    vi.useRealTimers()
  })
})

it('values, some past their time, are those that count, the oldest first', () => {
  const store = new BoundedStore<number>(10)
  store.set('long', 1, 60)
  store.set('short', 2, -1)
  store.set('new', 3, 60)
  expect(store.values()).toEqual([1, 3])
})

describe('provider storage', () => {
  it('sign-ins, ten thousand begun and none finished, keep the newest thousand', async () => {
    const storage = createProviderStorage({ findClient: () => undefined, isActive: () => true })
    const interactions = storage.adapter('Interaction')
    for (let index = 0; index < 10_000; index += 1) await interactions.upsert(`id ${index}`, {}, 60)
    expect(await interactions.find('id 8999')).toBeUndefined()
    expect(await interactions.find('id 9000')).toEqual({})
  })
})
