import type { Request } from 'express'
import { describe, expect, it } from 'vitest'
import { demoWords } from '../../../src/demo/words.ts'
import { translationReader } from '../../../src/sso/views/words.ts'

const translationFor = translationReader({ baseUrl: 'http://app.test' }, demoWords)
const asked = (language: string) =>
  ({ headers: { 'accept-language': language }, acceptsLanguages: () => language }) as unknown as Request
const wordsIn = { en: translationFor(asked('en')).t, ja: translationFor(asked('ja')).t }

describe('words', () => {
  it('words, with a gap, are filled anew for each person', () => {
    const welcome = (name: string) => wordsIn.en('home.welcome', { name })
    expect(welcome('Erin Moore')).toContain('Erin Moore')
    expect(welcome('Kenji')).toContain('Kenji')
    expect(welcome('Kenji')).not.toContain('Erin')
  })

  it('words, their gap filled with what looks like a gap or a nested key, show it as it is', () => {
    for (const name of ['{{name}}', '$t(app)', '$&', "$'"]) {
      expect(wordsIn.en('home.welcome', { name })).toContain(name)
    }
  })

  it.each([
    [1, 'in a second'],
    [2, 'in 2 seconds'],
  ])('words, about %i of something, take the form for it', (count, form) => {
    expect(wordsIn.en('errors.too_many_requests', { count })).toContain(form)
    expect(wordsIn.ja('errors.too_many_requests', { count })).toContain(`${count}`)
  })
})
