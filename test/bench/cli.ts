import { full, short } from './amounts.ts'
import { Bench } from './bench.ts'
import { contenderNames } from './contenders/names.ts'
import { readOptions } from './options.ts'
import { profileTurn } from './profile/profile-turn.ts'
import { formatJson } from './report/json.ts'
import { thisMachine } from './report/machine.ts'
import { assertRoomFor, writeReport } from './report/readme.ts'
import type { RowResult } from './report/result.ts'
import { formatReport } from './report/table.ts'
import { race } from './rows/race.ts'
import type { Race, Row } from './rows/row.ts'
import { rows } from './rows/rows.ts'
import { runScale } from './scale/run.ts'

const ids = rows.map(({ id }) => id)

const USAGE = `Usage: npm run bench -- [options]

Measures this app beside its peers, on the same pages, issuers and load, and prints a table and the same as JSON.
It fails when an answer is wrong, never because something is slow.

  --short               a smoke test of less than a minute; its figures mean little
  --only <row>          one row, or several in a comma list: ${ids.join(', ')}
  --scale[=<sessions>]  measure a million sessions in Redis, or so many, beside a thousand: pages, memory, what ends many
                        at once; a million takes some 15 minutes and 4 GB. --scale=small only sees that it works
  --write-readme        put the table into test/README.md and test/README.ja.md; that of --scale into those of src/cli
  --profile <contender> profile it instead, on the signed-in home page or the row that --only names, and print where
                        its time goes: ${contenderNames.join(', ')}
  --help, -h            show this
`

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), ids)
  if (options.help) {
    process.stdout.write(USAGE)
    return
  }
  if (options.scale !== undefined) return runScale(options.scale, options.writeReadme)
  const readmes = ['README.md', 'README.ja.md'].map((name) => new URL(`../${name}`, import.meta.url))
  if (options.writeReadme) await Promise.all(readmes.map((readme) => assertRoomFor(readme)))
  const bench = new Bench(options.short ? short : full)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => bench.close().finally(() => process.exit(1)))
  }
  try {
    if (options.profile) {
      process.stdout.write(await profileTurn(bench, raceOf(options.only), options.profile))
      return
    }
    const results: RowResult[] = []
    for (const row of rows) {
      if (options.only.length > 0 && !options.only.includes(row.id)) continue
      results.push(await resultOf(row, bench))
    }
    const machine = thisMachine()
    const report = formatReport(results, machine)
    process.stdout.write(`${report}\n\n${formatJson(results, machine)}\n`)
    if (options.writeReadme) await Promise.all(readmes.map((readme) => writeReport(readme, report)))
  } finally {
    await bench.close()
  }
}

async function resultOf(row: Row, bench: Bench): Promise<RowResult> {
  const { id, path } = row
  bench.tell(path)
  const found = await ('entrants' in row ? race(bench, row) : row.measure(bench))
  return typeof found === 'string' ? { id, path, lines: [], skipped: found } : { id, path, lines: found }
}

/** The one row to profile. */
function raceOf([id = 'home']: string[]): Race {
  const row = rows.find((candidate) => candidate.id === id)
  if (!row || !('entrants' in row)) throw new Error(`No contenders race in ${id}.`)
  return row
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
