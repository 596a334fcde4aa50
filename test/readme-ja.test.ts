import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const fence = /^( *)```.*\n[\s\S]*?\n\1```$/gm
const codeSpan = /`[^`\n]+`|<code>.*?<\/code>/g

/** What of a text stays the same in another language; its order in a sentence does not, so that is sorted. */
const all = (text: string, pattern: RegExp) => (text.match(pattern) ?? []).sort()

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
        code: all(text, codeSpan),
        rows: prose
          .filter((line) => line.startsWith('|'))
          .map((row) => ({
            cells: row.replace(codeSpan, '').split('|').length - 2,
            code: all(row, codeSpan),
          })),
        items: all(text, /^ *(?:-|\d+\.)(?= )/gm),
        links: all(text, /(?<=\]\()[^)]+(?=\))|<https?:[^>]+>/g).filter((link) => !/^README\b/.test(link)),
      }
    })

const english = sectionsOf('README.md')
const japanese = sectionsOf('README.ja.md')
const pairs = english.map((section, at) => ({ section, other: japanese[at] }))

describe('the README in Japanese', () => {
  it('headings, their levels in order, are those of the English one', () => {
    expect(english.length).toBeGreaterThan(10)
    expect(japanese.map(({ level }) => level)).toEqual(english.map(({ level }) => level))
  })

  it.each(['blocks', 'code', 'rows', 'items', 'links'] as const)(
    'sections, their %s, are those of the English one',
    (kind) => {
      expect(english.filter((section) => section[kind].length > 0).length).toBeGreaterThan(3)
      for (const { section, other } of pairs) expect(other?.[kind], section.heading).toEqual(section[kind])
    },
  )

  it('each README, under its title, leads to the other', () => {
    expect(read('README.md').split('\n')[2]).toBe('[日本語](README.ja.md)')
    expect(read('README.ja.md').split('\n')[2]).toBe('[English](README.md)')
  })

  it('emphasis, each, stands where Markdown sees it', () => {
    // Between a letter and a punctuation mark, which Japanese has no space to part, `**` stays as it is.
    const prose = read('README.ja.md').replace(fence, '')
    for (const [, before = '', words = '', after = ''] of prose.matchAll(/(^|.)\*\*(.+?)\*\*(?=(.|$))/gm)) {
      if (/^\p{P}/u.test(words)) expect(before, words).not.toMatch(/[\p{L}\p{N}]/u)
      if (/\p{P}$/u.test(words)) expect(after, words).not.toMatch(/[\p{L}\p{N}]/u)
    }
  })
})
