import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { languages } from '../../../src/words/languages.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
type Catalogue = { [key: string]: string | Catalogue }

/** Pages that share their words: the package's own with the demo's and with the portal's, and the sandbox's. */
const houses = { app: ['sso', 'demo'], portal: ['sso', 'portal'], sandbox: ['sandbox'] }
type House = keyof typeof houses

const read = (house: House, language: string) =>
  Object.assign(
    {},
    ...houses[house].map((pages) =>
      JSON.parse(readFileSync(join(root, `views/${pages}/locales/${language}.json`), 'utf8')),
    ),
  ) as Catalogue

/** Every key with its words; plural forms count as one, since languages have different ones. */
function flat(catalogue: Catalogue, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[prefix + key.replace(/_(zero|one|two|few|many|other)$/, ''), value] as const]
        : [...flat(value, `${prefix}${key}.`)],
    ),
  )
}

const english = {
  app: flat(read('app', 'en')),
  portal: flat(read('portal', 'en')),
  sandbox: flat(read('sandbox', 'en')),
}
const catalogues = (['app', 'portal', 'sandbox'] as const).flatMap((house) =>
  languages.map((language) => ({ house, language, words: flat(read(house, language)) })),
)
const houseOf = (view: string): House =>
  (['sandbox', 'portal'] as const).find((house) => view.startsWith(`${house}/`)) ?? 'app'
const gaps = (words = '') => [...new Set(words.match(/\{\{[^}]+\}\}/g))].toSorted()

/** Files of a folder, its folders' included. */
const filesIn = (folder: string, end: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => ({ name, text: readFileSync(join(root, folder, name), 'utf8') }))

describe('catalogues', () => {
  it.each(catalogues)(
    'words of $house, in $language, are there for every key, none of them empty',
    ({ house, words }) => {
      expect([...words.keys()].toSorted()).toEqual([...english[house].keys()].toSorted())
      for (const [key, text] of words) expect(text.trim(), key).not.toBe('')
    },
  )

  it.each(catalogues)('words of $house, in $language, have the same gaps', ({ house, words }) => {
    for (const [key, text] of words) expect(gaps(text), key).toEqual(gaps(english[house].get(key)))
  })

  it.each(catalogues)('words of $house, in $language, hold no markup', ({ words }) => {
    for (const [key, text] of words) expect(text, key).not.toMatch(/[<>]|&\w+;/)
  })

  it('views, every key they use, is in the catalogues', () => {
    const used = filesIn('views', '.ejs').flatMap(({ name, text }) =>
      [...text.matchAll(/'([a-z_]+(?:\.[a-z_0-9-]+)+)'/g)].map(
        ([, key = '']) => [houseOf(name), key] as const,
      ),
    )
    expect(used.length).toBeGreaterThan(50)
    for (const [house, key] of used.filter(([, key]) => !/\.(svg|css)$/.test(key))) {
      expect([...english[house].keys()]).toContain(key)
    }
  })

  it('sandbox, every key it hands to a page, is in its catalogue', () => {
    const sections = Object.keys(read('sandbox', 'en')).join('|')
    const used = filesIn('src/sandbox', '.ts')
      .filter(({ name }) => !name.includes('management'))
      .flatMap(({ text }) =>
        [...text.matchAll(new RegExp(`'((?:${sections})\\.[a-z_]+)'`, 'g'))].map(([, key = '']) => key),
      )
    expect(used.length).toBeGreaterThan(20)
    for (const key of used) expect([...english.sandbox.keys()]).toContain(key)
  })

  it('views, what a person reads in them, comes from the catalogues', () => {
    for (const { name, text } of filesIn('views', '.ejs')) {
      const words = text
        .replace(/<script[\s\S]*?<\/script>/g, '')
        .replace(/<%[\s\S]*?%>/g, '')
        .replace(/<[^>]*>/g, '')
        .replace(/&\w+;/g, '')
        .trim()
      expect(words.match(/[A-Za-z]{2,}/g) ?? [], name).toEqual([])
    }
  })

  it('errors, every code that is raised, has words', () => {
    const source = filesIn('src', '.ts').filter(({ name }) => /^(sso|demo)\//.test(name))
    const raised = source.flatMap(({ text }) =>
      [...text.matchAll(/new AppError\(\{[\s\S]*?\}\)/g)].flatMap(([call]) => {
        if (/\bwords\b/.test(call)) return [] // said by name, and found below
        const code = /\bcode: '([a-z_]+)'/.exec(call)?.[1]
        return code ? [code] : []
      }),
    )
    const inCode = source.flatMap(({ text }) =>
      [...text.matchAll(/\bwords: '([a-z_]+)'|notGiven\(\w+, '([a-z_]+)'\)/g)].map(
        ([, a, b]) => a ?? b ?? '',
      ),
    )
    expect(inCode.length).toBeGreaterThan(5)
    expect(raised.length).toBeGreaterThan(15)
    for (const key of [...raised, ...inCode]) expect([...english.app.keys()]).toContain(`errors.${key}`)
  })
})
