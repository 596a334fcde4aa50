import { z } from 'zod'
import { auditLine, auditVersion } from '../../src/audit/events.ts'
import { replacePart } from '../support/generated-part.ts'
import { read } from '../support/readmes.ts'

type Language = 'english' | 'japanese'

const folder = 'src/audit'
const japanese = JSON.parse(read(`${folder}/japanese.json`)) as Record<string, string>

/** The JSON Schema of every audit line. */
const schema = {
  title: `Audit lines of express-logto-sso, version ${auditVersion}`,
  ...z.toJSONSchema(auditLine),
}

const lines = (schema.anyOf ?? []) as z.core.JSONSchema.ObjectSchema[]
const propertiesOf = ({ properties }: z.core.JSONSchema.ObjectSchema) =>
  Object.entries(properties ?? {}) as [string, z.core.JSONSchema.BaseSchema][]
const around = propertiesOf(lines[0] ?? { type: 'object' })
  .map(([name]) => name)
  .filter((name) => lines.every(({ properties }) => properties && name in properties))

const code = (words: readonly unknown[], between: string) => words.map((word) => `\`${word}\``).join(between)

function wordsOf(name: string, english: string | undefined, language: Language): string {
  const text = language === 'english' ? english : japanese[name]
  if (!text) throw new Error(`${name} has no ${language} words: write them into ${folder}/`)
  return text
}

const table = (rows: readonly (readonly string[])[]) =>
  rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')

function eventsIn(language: Language): string {
  const [heading, comma] =
    language === 'english'
      ? [['`audit`', 'its own fields', 'when'], ', ']
      : [['`audit`', '固有のフィールド', 'タイミング'], '、']
  const rows = lines.map((line) => {
    const own = propertiesOf(line).map(([name]) => name)
    const name = String(line.properties?.audit && (line.properties.audit as { const?: string }).const)
    return [
      `\`${name}\``,
      code(
        own.filter((each) => !around.includes(each)),
        comma,
      ),
      wordsOf(name, line.description, language),
    ]
  })
  return table([heading, ['---', '---', '---'], ...rows])
}

function fieldsIn(language: Language): string {
  const [heading, colon, comma] =
    language === 'english' ? [['field', 'what it holds'], ': ', ', '] : [['フィールド', '内容'], '：', '、']
  const fields = new Map(lines.flatMap(propertiesOf).filter(([name]) => name !== 'audit'))
  const rows = [...fields].map(([name, { description, enum: words }]) => [
    `\`${name}\``,
    wordsOf(name, description, language) + (words ? colon + code(words, comma) : ''),
  ])
  return table([heading, ['---', '---'], ...rows])
}

/** The JSON Schema and the tables that are made from the events of the audit log, by the names of their files. */
export function auditFiles(): Record<string, string> {
  const readmes = (['english', 'japanese'] as const).map((language) => {
    const name = `${folder}/README${language === 'english' ? '' : '.ja'}.md`
    const text = replacePart(read(name), 'events', eventsIn(language))
    return [name, replacePart(text, 'fields', fieldsIn(language))]
  })
  return {
    [`${folder}/audit.schema.json`]: `${JSON.stringify(schema, null, 2)}\n`,
    ...Object.fromEntries(readmes),
  }
}
