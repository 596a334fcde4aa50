import { describe, expect, it } from 'vitest'
import { NameIndex } from '../../../src/sso/session/backend/memory-backend.ts'

describe('names of sessions', () => {
  it('name, of one session or several, leads to each of them once', () => {
    const index = new NameIndex()
    expect(index.idsOf('sub:erin')).toEqual([])
    index.add('sub:erin', 'a')
    index.add('sub:erin', 'a')
    expect(index.idsOf('sub:erin')).toEqual(['a'])
    for (const id of ['b', 'a', 'c']) index.add('sub:erin', id)
    expect(index.idsOf('sub:erin')).toEqual(['a', 'b', 'c'])
    expect(index.idsOf('sid:erin')).toEqual([])
  })

  it('name, a session taken from it, leads to the others', () => {
    const index = new NameIndex()
    for (const id of ['a', 'b']) index.add('sub:erin', id)
    index.add('sub:kenji', 'c')
    index.remove('sub:erin', 'c')
    index.remove('sub:erin', 'a')
    index.remove('sub:kenji', 'a')
    index.remove('sub:nobody', 'a')
    expect(index.idsOf('sub:erin')).toEqual(['b'])
    expect(index.idsOf('sub:kenji')).toEqual(['c'])
    index.remove('sub:erin', 'b')
    index.remove('sub:kenji', 'c')
    expect(index.idsOf('sub:erin')).toEqual([])
    expect(index.idsOf('sub:kenji')).toEqual([])
  })

  it('names, swept, lead to what there still is', () => {
    const index = new NameIndex()
    for (const id of ['a', 'b', 'c']) index.add('sub:erin', id)
    index.add('sub:kenji', 'a')
    index.add('sub:mio', 'c')
    index.sweep((id) => id === 'c')
    expect(index.idsOf('sub:erin')).toEqual(['c'])
    expect(index.idsOf('sub:kenji')).toEqual([])
    expect(index.idsOf('sub:mio')).toEqual(['c'])
  })
})
