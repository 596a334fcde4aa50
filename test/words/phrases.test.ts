import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseAst } from 'vitest/node'
import { auditLine } from '../../src/audit/events.ts'
import { portalSettings } from '../../src/settings/companies/portal-settings.ts'
import { settings } from '../../src/settings/settings.ts'
import { wiringSettings } from '../../src/settings/wiring.ts'
import { columnsOf, cutTo, padded } from '../../src/words/columns.ts'
import { joined, keyOf, phrasesOf, textIn } from '../../src/words/phrase.ts'
import { isProse } from '../support/prose.ts'

const source = fileURLToPath(new URL('../../src/', import.meta.url))
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
const rooms = files.filter((name) => name.endsWith('/japanese.json')).map((name) => name.split('/')[0] ?? '')

/** Whose words go into the log, which is English. */
const logged = ['settings/hints.ts', 'cli/process/refused-requests.ts', 'portal/guarded-fetch.ts']

/** The same in each language: the words of a console and of a server, names that tenants keep, and what a key is made of. */
const sameInEach = [
  'Display application icon to users',
  'Redirect to app to initiate login',
  'Okta system or admin initiates logout',
  "Remove user's application membership",
  'grant type is not allowed',
  ': people who leave',
  "May use the app's API.",
  'invitation to the portal',
]

interface Node {
  type: string
  [part: string]: unknown
}

/** What a room says: its phrases by their keys, and what reads as English and is none. */
function saidIn(room: string) {
  const keys = new Set<string>()
  const untagged: string[] = []
  for (const file of files.filter((name) => name.startsWith(`${room}/`) && name.endsWith('.ts'))) {
    if (logged.includes(file)) continue
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) {
        for (const part of value) walk(part)
        return
      }
      const node = value as Node | null
      if (typeof node?.type !== 'string' || isForNobody(node)) return
      if (node.type === 'TaggedTemplateExpression' && (node.tag as Node).name === 'phrase') {
        const quasi = node.quasi as Node
        keys.add(keyOf(partsOf(quasi)))
        walk(quasi.expressions)
        return
      }
      const described = describedBy(node)
      if (described) {
        walk(described)
        return
      }
      const text = node.type === 'TemplateLiteral' ? partsOf(node).join('…') : node.value
      const isOurs = typeof text === 'string' && !sameInEach.some((same) => text.includes(same))
      if (isOurs && isProse(text)) untagged.push(`${file}: ${text}`)
      for (const part of Object.values(node)) if (typeof part === 'object') walk(part)
    }
    walk(parseAst(readFileSync(source + file, 'utf8'), { lang: 'ts' }))
  }
  return { keys: [...keys], untagged }
}

const partsOf = ({ quasis }: Node) =>
  (quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked)

/** Imports, types, patterns, and what goes into a log. */
function isForNobody({ type, declaration, regex, callee, key }: Node): boolean {
  const { type: kind = '', name = '' } = (callee ?? {}) as { type?: string; name?: string }
  return (
    (/^(Import|Export)/.test(type) && !declaration) ||
    isLogCall(callee) ||
    /^TS(Literal|Template)/.test(type) ||
    Boolean(regex) ||
    isWithJapanese(key) ||
    kind === 'Super' ||
    // The last is `describe` with what stands before it, in `settings/wiring.ts`.
    ['Error', 'TypeError', 'AnswerTooLongError', 'entered'].includes(name)
  )
}

/** A line of the log, which is English. */
const isLogCall = (callee: unknown) =>
  ((callee as { object?: { name?: string } } | undefined)?.object?.name ?? '') === 'logger'

/** Words that stand in both languages side by side. */
const isWithJapanese = (key: unknown) =>
  ['en', 'ja'].includes((key as { name?: string } | undefined)?.name ?? '')

/** What a schema says of a setting is for the READMEs, and `npm run docs` has its Japanese. */
const describedBy = ({ callee }: Node) => {
  const { property, object } = (callee ?? {}) as { property?: { name?: string }; object?: unknown }
  return property?.name === 'describe' ? object : undefined
}

const holesOf = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(([hole]) => hole).sort()

/** What the tables of the READMEs say in Japanese too, by the names of settings, events and fields. */
const described: Record<string, string[]> = {
  settings: Object.keys({ ...settings.shape, ...wiringSettings.shape, ...portalSettings.shape }),
  audit: auditLine.options.flatMap(({ shape }) => [shape.audit.value, ...Object.keys(shape)]),
}

describe.each(rooms)('the phrases of src/%s', (room) => {
  const japanese = JSON.parse(readFileSync(`${source}${room}/japanese.json`, 'utf8')) as Record<
    string,
    string
  >
  const { keys, untagged } = saidIn(room)
  const descriptions = described[room] ?? []

  it('phrases, each, are there in Japanese, with the same holes', () => {
    // A hole alone, or GET before one, is the same in each language.
    const words = keys.filter((key) => /\p{Ll}/u.test(key))
    expect(words.filter((key) => !japanese[key])).toEqual([])
    const wrong = words.filter((key) => `${holesOf(key)}` !== `${holesOf(japanese[key] ?? '')}`)
    expect(wrong).toEqual([])
  })

  it('Japanese, each, is of a phrase that is said', () => {
    const known = [...keys, ...descriptions]
    expect(Object.keys(japanese).filter((key) => !known.includes(key))).toEqual([])
  })

  it('English sentences, all, are phrases', () => {
    expect(untagged).toEqual([])
  })

  it('Japanese, beside its characters, has the punctuation of Japanese', () => {
    const beside =
      /[\p{sc=Hani}\p{sc=Hira}\p{sc=Kana}ー][,.:;!?()]|[,:;!?()][\p{sc=Hani}\p{sc=Hira}\p{sc=Kana}]/u
    expect(Object.values(japanese).filter((text) => beside.test(text))).toEqual([])
  })
})

describe('a phrase', () => {
  const phrase = phrasesOf(new URL('../../src/doctor/', import.meta.url).href)

  it('in Japanese, has Japanese in its holes as well', () => {
    const because = phrase`not tried, ${phrase`because of ${'settings'}`}`
    expect(textIn(because, 'ja')).toBe('未検査（settings のため）')
    expect(`${because}`).toBe('not tried, because of settings')
    expect(JSON.stringify({ because })).toBe('{"because":"not tried, because of settings"}')
  })

  it('that nobody has translated, is English', () => {
    expect(phrase`No such words, ${1}.`.ja).toBe('No such words, 1.')
  })

  it('with what looks like a hole in its hole, leaves that alone', () => {
    expect(phrase`because of ${'{0}'}`.en).toBe('because of {0}')
    expect(joined([phrase`ok`, '{0}', phrase`fix`], ', ').ja).toBe('正常, {0}, 対処')
  })
})

describe('columns of a terminal', () => {
  it('full-width characters, are two each', () => {
    expect(columnsOf('異常 a')).toBe(6)
    expect(padded('異常', 7)).toBe('異常   ')
    expect(cutTo('… 異常あり', 7)).toBe('… 異常')
  })
})
