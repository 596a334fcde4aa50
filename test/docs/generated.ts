import { portalSettings } from '../../src/settings/companies/portal-settings.ts'
import { settings } from '../../src/settings/settings.ts'
import { wiringSettings } from '../../src/settings/wiring.ts'
import { replacePart } from '../support/generated-part.ts'
import { read } from '../support/readmes.ts'
import { auditFiles } from './audit-files.ts'

interface Row {
  name: string
  english: string
  japanese: string
}

const japanese = JSON.parse(read('src/settings/japanese.json')) as Record<string, string>

function rowsOf({ shape }: typeof settings | typeof wiringSettings | typeof portalSettings): Row[] {
  return Object.entries(shape).map(([name, { description }]) => {
    const row = { name, english: description ?? '', japanese: japanese[name] ?? '' }
    if (!row.english) throw new Error(`${name} has no words: describe its row in src/settings/`)
    if (!row.japanese)
      throw new Error(`${name} has no Japanese words: write them into src/settings/japanese.json`)
    return row
  })
}

const app = rowsOf(settings)
const provision = rowsOf(wiringSettings)
const portal = rowsOf(portalSettings)

function envExample(): string {
  const entries = (rows: readonly Row[]) => rows.map(({ name, english }) => `# ${english}\n${name}=`)
  return `${[
    '# Copy to .env and fill in what you need. An empty value counts as not set. Values are never printed.',
    ...entries(app),
    '# What follows is read by `npm run provision` and `npm run doctor` only; the app runs without it.',
    ...entries(provision),
    '# What follows is read by `npm run invite` and `npm run portal` only.',
    ...entries(portal),
  ].join('\n\n')}\n`
}

function withTables(readme: string, heading: readonly string[], language: 'english' | 'japanese'): string {
  const tableOf = (rows: readonly Row[]) =>
    [heading, ['---', '---'], ...rows.map((row) => [`\`${row.name}\``, row[language]])]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n')
  const text = replacePart(read(readme), 'settings', tableOf(app))
  const more = replacePart(text, 'provision settings', tableOf(provision))
  return replacePart(more, 'portal settings', tableOf(portal))
}

/**
 * What is made from the list of settings, and from the events of the audit log.
 *
 * @returns the text that each file should have, by its name from the root
 * @throws Error for what has no words, and for a README that has no place for a table
 */
export function generated(): Record<string, string> {
  return {
    ...auditFiles(),
    '.env.example': envExample(),
    'src/settings/README.md': withTables('src/settings/README.md', ['setting', 'meaning'], 'english'),
    'src/settings/README.ja.md': withTables('src/settings/README.ja.md', ['設定', '意味'], 'japanese'),
  }
}
