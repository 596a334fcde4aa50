import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fence, read, readmes, root, sisterOf } from './support/readmes.ts'

const codeSpan = /`[^`\n]+`|<code>.*?<\/code>/g

/** What of a text stays the same in another language; its order in a sentence does not, so that is sorted. */
const all = (text: string, pattern: RegExp) => (text.match(pattern) ?? []).sort()

/** Where a text's links lead, those of its images included. */
const linksOf = (text: string) => all(text.replace(fence, ''), /(?<=\]\()[^)\s]+(?=\))|<https?:[^>]+>/g)

/** A link as it is in every language: another README's is the English one's, and headings are not of the address. */
const inAnyLanguage = (link: string) =>
  /^<?https?:/.test(link) ? link : link.replace(/#.*/, '#').replace('README.ja.md', 'README.md')

/** A README in its sections, from heading to heading: of each, what a translation has to keep. */
const sectionsOf = (name: string) =>
  read(name)
    .replace(fence, (block) => block.replace(/^/gm, '\0'))
    .split(/^(?=#)/m)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n')
      const blocks = lines.filter((line) => line.startsWith('\0')).map((line) => line.slice(1))
      const prose = lines.filter((line) => !line.startsWith('\0'))
      const text = prose.join('\n')
      return {
        level: /^#+/.exec(heading)?.[0].length ?? 0,
        heading: heading.replace(/^#+ /, ''),
        blocks: blocks.join('\n'),
        code: all(text.replace(/\[.*?\]\(#.*?\)/g, ''), codeSpan),
        rows: prose
          .filter((line) => line.startsWith('|'))
          .map((row) => ({
            cells: row.replace(codeSpan, '').split('|').length - 2,
            code: all(row, codeSpan),
          })),
        items: all(text, /^ *(?:-|\d+\.)(?= )/gm),
        links: linksOf(text).map(inAnyLanguage).sort(),
      }
    })

/** The name that GitHub gives a heading in the address of its page. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')

describe('the READMEs', () => {
  it('rooms, each, have one', () => {
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    expect(rooms.length).toBeGreaterThan(7)
    for (const { name } of rooms) expect(readmes).toContain(`src/${name}/README.md`)
  })

  it.each([
    ['src/doctor/README.md', 'en', /“([^”]+)”/g],
    ['src/doctor/README.ja.md', 'ja', /「([^」]+)」/g],
  ])('%s, what it says that a page of ours shows, is in the words of that page', (name, language, quoted) => {
    const words = read(`views/sso/locales/${language}.json`)
    // What Logto and Okta show has no code of ours in the second column.
    const rows = read(name)
      .split('\n')
      .filter((line) => /^\|[^|]+\| `/.test(line))
    const quotes = rows.flatMap((row) => [...row.matchAll(quoted)].map(([, quote = '']) => quote))
    expect(quotes.length).toBeGreaterThan(6)
    expect(quotes.filter((quote) => !words.includes(quote))).toEqual([])
  })

  it('the root’s, which everybody reads first, is short', () => {
    expect(statSync(join(root, 'README.md')).size).toBeLessThanOrEqual(12 * 1024)
    expect(statSync(join(root, 'README.ja.md')).size).toBeLessThanOrEqual(16 * 1024)
  })

  it('the root’s, or the map of src/, leads to each', () => {
    const led = ['README.md', 'src/README.md'].flatMap((name) =>
      linksOf(read(name)).map((link) => join(dirname(name), link.replace(/#.*/, ''))),
    )
    for (const name of readmes.slice(1)) expect(led).toContain(name)
  })

  it.each(readmes)('%s has a Japanese sister of the same structure', (name) => {
    const sister = sisterOf(name)
    const english = sectionsOf(name)
    const japanese = sectionsOf(sister)
    expect(japanese.map(({ level }) => level)).toEqual(english.map(({ level }) => level))
    for (const [at, { heading, ...kept }] of english.entries()) {
      expect(japanese[at], heading).toEqual({ ...kept, heading: japanese[at]?.heading })
    }
    expect(read(name).split('\n')[2]).toBe('[日本語](README.ja.md)')
    expect(read(sister).split('\n')[2]).toBe('[English](README.md)')
  })

  it.each(readmes.flatMap((name) => [name, sisterOf(name)]))(
    '%s, its links, lead to what is there, in the same language',
    (name) => {
      for (const link of linksOf(read(name)).filter((to) => !/^<?https?:/.test(to))) {
        const [file = '', anchor] = link.split('#')
        const target = file ? join(dirname(name), file) : name
        expect(existsSync(join(root, target)), link).toBe(true)
        if (anchor) expect(sectionsOf(target).map(({ heading }) => anchorOf(heading))).toContain(anchor)
        const isSister = target !== name && dirname(target) === dirname(name)
        if (/README\.(ja\.)?md$/.test(target) && !isSister) {
          expect(target.includes('.ja.'), link).toBe(name.includes('.ja.'))
        }
      }
    },
  )

  it.each(readmes)('%s, in Japanese, its emphasis, stands where Markdown sees it', (name) => {
    // Between a letter and a punctuation mark, which Japanese has no space to part, `**` stays as it is.
    const prose = read(sisterOf(name)).replace(fence, '')
    for (const [, before = '', words = '', after = ''] of prose.matchAll(/(^|.)\*\*(.+?)\*\*(?=(.|$))/gm)) {
      if (/^\p{P}/u.test(words)) expect(before, words).not.toMatch(/[\p{L}\p{N}]/u)
      if (/\p{P}$/u.test(words)) expect(after, words).not.toMatch(/[\p{L}\p{N}]/u)
    }
  })
})
