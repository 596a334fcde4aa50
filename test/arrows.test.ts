import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { read } from './support/readmes.ts'

const source = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'))

/** What a file imports of ours: types and dynamic imports included. */
const importsOf = (file: string) =>
  [...readFileSync(join(source, file), 'utf8').matchAll(/(from |import\()'(\.[^']+\.ts)'/g)].map(
    ([, how, specifier = '']) => ({
      file: posix.normalize(posix.join(dirname(file), specifier)),
      isDynamic: how === 'import(',
    }),
  )
const imports = new Map(files.map((file) => [file, importsOf(file)]))

/** The room of a file: a folder of `src`, and in `sso` a folder there, or the file itself where it stands in none. */
function roomOf(file: string): string {
  const [folder = '', below = '', ...deeper] = file.split('/')
  if (folder !== 'sso') return folder
  return deeper.length > 0 ? `sso/${below}` : `sso/${below.replace(/\.ts$/, '')}`
}

/** From each room to the rooms that it may import. `sso/request` is the record of a request, which all of them read. */
const arrows: Record<string, string[]> = {
  demo: ['sso/index', 'cli', 'settings', 'words'],
  dev: ['demo', 'cli', 'settings', 'sso/index', 'sso/session', 'words'],
  portal: ['audit', 'companies', 'provision', 'doctor', 'http-client', 'settings', 'words', 'sso/index'],
  cli: [
    'companies',
    'portal',
    'provision',
    'doctor',
    'sandbox',
    'http-client',
    'settings',
    'sso/index',
    'words',
  ],
  sandbox: ['provision', 'settings', 'words'],
  doctor: [
    'companies',
    'provision',
    'http-client',
    'settings',
    'sso/addresses',
    'sso/company',
    'sso/logto',
    'sso/redis',
    'words',
  ],
  provision: ['companies', 'http-client', 'settings', 'words', 'sso/addresses'],
  testing: [
    'companies',
    'settings',
    'sso/company',
    'sso/compose',
    'sso/options',
    'sso/interface',
    'sso/http',
    'sso/logto',
    'sso/session',
    'sso/tokens',
  ],
  companies: ['settings', 'sso/redis', 'words'],
  'http-client': ['words'],
  settings: ['words'],
  words: [],
  audit: [],

  'sso/compose': ['*'],
  'sso/index': ['*'],
  'sso/single-sign-on': [
    'companies',
    'settings',
    'sso/compose',
    'sso/options',
    'sso/interface',
    'sso/redis',
    'sso/session',
    'sso/telemetry',
  ],
  'sso/options': ['companies', 'sso/account', 'sso/hooks', 'sso/http', 'sso/session', 'sso/views'],
  'sso/interface': ['sso/account', 'sso/guards', 'sso/logto', 'sso/request', 'sso/session', 'sso/views'],
  'sso/dispatch': ['sso/routes', 'sso/http', 'sso/rate-limits', 'sso/views', 'sso/telemetry'],
  'sso/routes': ['sso/addresses', 'sso/http', 'sso/views'],
  'sso/hooks': ['sso/account', 'sso/logto', 'sso/request', 'sso/telemetry'],
  'sso/addresses': [],
  'sso/request': ['sso/http', 'sso/logto', 'sso/session'],
  'sso/account': [
    'companies',
    'settings',
    'sso/company',
    'sso/interface',
    'sso/links',
    'sso/logto',
    'sso/session',
    'sso/tokens',
    'sso/http',
    'sso/telemetry',
  ],
  'sso/company': ['companies', 'settings', 'sso/logto', 'sso/session', 'sso/http'],
  'sso/callback': [
    'companies',
    'settings',
    'sso/attempt',
    'sso/company',
    'sso/links',
    'sso/logto',
    'sso/session',
    'sso/tokens',
    'sso/http',
    'sso/telemetry',
  ],
  'sso/sign-in': ['companies', 'settings', 'sso/attempt', 'sso/links', 'sso/logto', 'sso/http'],
  'sso/sign-out': [
    'companies',
    'settings',
    'sso/attempt',
    'sso/company',
    'sso/interface',
    'sso/links',
    'sso/logto',
    'sso/session',
    'sso/http',
  ],
  'sso/guards': ['settings', 'sso/links', 'sso/logto', 'sso/session', 'sso/http'],
  'sso/tokens': [
    'settings',
    'sso/company',
    'sso/links',
    'sso/logto',
    'sso/session',
    'sso/redis',
    'sso/http',
    'sso/telemetry',
  ],
  'sso/attempt': ['companies', 'settings', 'sso/interface', 'sso/links', 'sso/session'],
  'sso/session': ['companies', 'settings', 'sso/logto', 'sso/redis', 'sso/http', 'sso/telemetry'],
  'sso/logto': ['companies', 'settings', 'http-client', 'sso/links', 'sso/http'],
  'sso/views': ['settings', 'words', 'sso/links', 'sso/http'],
  'sso/rate-limits': ['sso/redis', 'sso/http', 'sso/telemetry'],
  'sso/links': ['companies', 'settings', 'sso/http'],
  'sso/redis': ['settings', 'sso/http', 'sso/telemetry'],
  'sso/telemetry': [],
  'sso/http': ['settings', 'words'],
}
const everywhere = ['sso/request', 'sso/addresses', 'audit']

describe('the house', () => {
  it('rooms, each, import no others than their arrows lead to', () => {
    const wrong = files.flatMap((file) => {
      const [room, allowed] = [roomOf(file), arrows[roomOf(file)] ?? []]
      const isPackage = room.startsWith('sso/')
      return (imports.get(file) ?? [])
        .filter((imported) => {
          const to = roomOf(imported.file)
          if (to === room || allowed.includes(to)) return false
          if (
            isPackage &&
            (everywhere.includes(to) ||
              (allowed.includes('*') && /^(sso\/|settings|words|companies|http-client)/.test(to)))
          ) {
            return false
          }
          // Production has no sandbox: it is loaded where it is wanted.
          return !(room === 'demo' && ['sandbox', 'portal'].includes(to) && imported.isDynamic)
        })
        .map((imported) => `${file} → ${imported.file}`)
    })
    expect(wrong).toEqual([])
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in arrows))).toEqual([])
  })

  it.each(['src/README.md', 'src/README.ja.md'])(
    '%s, its map, has each room with what it imports',
    (readme) => {
      const map = [...read(readme).matchAll(/^\| \[(\w[\w-]*)\/\].*\|(.*)\|$/gm)].map(
        ([, room = '', last = '']) => [
          room,
          [...last.matchAll(/`([\w/-]+)`/g)].map(([, name = '']) => name).sort(),
        ],
      )
      const folders = [...new Set(files.map((file) => file.split('/')[0] ?? ''))]
      const importedBy = (folder: string) =>
        files
          .filter((file) => file.startsWith(`${folder}/`))
          .flatMap((file) => imports.get(file) ?? [])
          .filter(({ file }) => !file.startsWith(`${folder}/`))
          .map(({ file }) => roomOf(file))
      const found = folders.map((folder) => [folder, [...new Set(importedBy(folder))].sort()])
      expect(Object.fromEntries(map)).toEqual(Object.fromEntries(found))
    },
  )

  it('files, types included, import each other in no circle', () => {
    const done = new Set<string>()
    const circles: string[] = []
    const walk = (file: string, way: string[]) => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '))
      if (done.has(file) || way.includes(file)) return
      for (const imported of imports.get(file) ?? []) walk(imported.file, [...way, file])
      done.add(file)
    }
    for (const file of files) walk(file, [])
    expect(circles).toEqual([])
  })

  it('rooms and files are small', () => {
    const folders = new Map(
      files.map((file) => [dirname(file), files.filter((each) => dirname(each) === dirname(file))]),
    )
    const most = (folder: string) => (folder.startsWith('sandbox') ? 15 : 12)
    // The callback is read alone, and what else the audit's room holds is JSON.
    const least = (folder: string) => (['audit', 'sso/callback'].includes(folder) ? 1 : 3)
    const small = [...folders].filter(([folder, inside]) => inside.length < least(folder))
    expect(small.map(([folder, { length }]) => `${folder} has ${length} files; at least 3`)).toEqual([])
    const full = [...folders].filter(([folder, inside]) => inside.length > most(folder))
    expect(
      full.map(([folder, { length }]) => `${folder} has ${length} files; at most ${most(folder)}`),
    ).toEqual([])
    const lines = (file: string) => readFileSync(join(source, file), 'utf8').trimEnd().split('\n').length
    const long = files.filter((file) => lines(file) > 200)
    expect(long.map((file) => `${file} has ${lines(file)} lines; at most 200`)).toEqual([])
  })
})
