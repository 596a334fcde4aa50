import { describe, expect, it } from 'vitest'
import { settings } from '../../src/settings/settings.ts'
import { wiringSettings } from '../../src/settings/wiring.ts'
import { read, readmes } from '../support/readmes.ts'
import { generated } from './generated.ts'

const all = settings.extend(wiringSettings.shape)

describe('what is made from the list of settings', () => {
  it.each(Object.entries(generated()))('%s is what `npm run docs` writes', (file, text) => {
    expect(read(file)).toBe(text)
  })

  it('Japanese words, each, are of a setting', () => {
    const words = Object.keys(JSON.parse(read('src/settings/japanese.json')))
    expect(words.sort()).toEqual(Object.keys(all.shape).sort())
  })

  it('settings, those with a default, say so', () => {
    for (const [name, value] of Object.entries(all.parse({}))) {
      expect(all.shape[name as keyof typeof all.shape].description).toContain(`Default: \`${value}\`.`)
    }
  })
})

describe('what is written about the commands', () => {
  it('READMEs, their npm commands, exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [
      ...readmes
        .map(read)
        .join('\n')
        .matchAll(/npm (?:run ([a-z:]+)|(start|test)\b)/g),
    ].map(([, script, alias]) => script ?? alias ?? '')
    expect(named.length).toBeGreaterThan(3)
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })
})
