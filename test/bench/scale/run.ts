import { full } from '../amounts.ts'
import { Bench } from '../bench.ts'
import { thisMachine } from '../report/machine.ts'
import { assertRoomFor, writeReport } from '../report/readme.ts'
import { type Language, scaleReport } from './report.ts'
import { measureScale } from './scale.ts'

/** Where the table is, in each language. */
const readmes: Record<Language, string> = { en: 'README.md', ja: 'README.ja.md' }
const languages = Object.keys(readmes) as Language[]
const fileOf = (language: Language) => new URL(`../../../src/cli/${readmes[language]}`, import.meta.url)

/**
 * Measures sessions in Redis and prints the table.
 *
 * @param sessions as `sizeOf` takes them
 * @param writeReadme whether the table goes into the READMEs, too
 */
export async function runScale(sessions: string, writeReadme: boolean): Promise<void> {
  if (writeReadme) await Promise.all(languages.map((language) => assertRoomFor(fileOf(language), 'scale')))
  const bench = new Bench(full)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => bench.close().finally(() => process.exit(1)))
  try {
    const measured = await measureScale(bench, sessions)
    if (!measured) throw new Error('there is no `redis-server` here')
    const machine = thisMachine()
    process.stdout.write(`${scaleReport(measured, machine)}\n\n${JSON.stringify(measured)}\n`)
    if (!writeReadme) return
    for (const language of languages)
      await writeReport(fileOf(language), scaleReport(measured, machine, language), 'scale')
  } finally {
    await bench.close()
  }
}
