import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { settings } from '../src/settings/settings.ts'
import { wiringSettings } from '../src/settings/wiring.ts'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
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

  it('README, its table of settings, is the list in the code', () => {
    const rows = described.map(({ name, description }) => `| \`${name}\` | ${description} |`)
    const table = read('README.md')
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
  it('README, its npm commands, exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...read('README.md').matchAll(/npm (?:run ([a-z:]+)|(start|test)\b)/g)].map(
      ([, script, alias]) => script ?? alias ?? '',
    )
    expect(named.length).toBeGreaterThan(3)
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })

  it('README, its layout, names files and folders that exist', () => {
    const layout = /## Layout[\s\S]*?```\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? ''
    const paths = [...layout.matchAll(/^\S+/gm)].map(([path]) => path)
    expect(paths.length).toBeGreaterThan(8)
    for (const path of paths) expect(existsSync(new URL(`../${path}`, import.meta.url)), path).toBe(true)
  })
})
