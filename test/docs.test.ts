import { describe, expect, it } from 'vitest'
import { settings } from '../src/settings/settings.ts'
import { wiringSettings } from '../src/settings/wiring.ts'
import { read, readmes } from './support/readmes.ts'

const all = settings.extend(wiringSettings.shape)
const described = Object.entries(all.shape).map(([name, { description = '' }]) => ({
  name,
  description,
}))

describe('what is written about the settings', () => {
  it('settings, each, are described', () => {
    for (const { name, description } of described) expect(description, name).not.toBe('')
  })

  it('settings, those with a default, say so', () => {
    for (const [name, value] of Object.entries(all.parse({}))) {
      expect(all.shape[name as keyof typeof all.shape].description).toContain(`Default: \`${value}\`.`)
    }
  })

  it('READMEs, the table of settings, is the list in the code', () => {
    const rows = described.map(({ name, description }) => `| \`${name}\` | ${description} |`)
    const table = read('src/settings/README.md')
      .split('\n')
      .filter((line) => /^\| `[A-Z0-9_]+` \|/.test(line))
    expect(table).toEqual(rows)
  })

  it('.env.example, its entries, are the list in the code', () => {
    const entries = described.map(({ name, description }) => `# ${description}\n${name}=`)
    expect(
      read('.env.example')
        .split('\n\n')
        .map((entry) => entry.trim())
        .filter((entry) => entry.endsWith('=')),
    ).toEqual(entries)
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
