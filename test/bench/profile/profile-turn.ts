import { readFile } from 'node:fs/promises'
import type { Profiler } from 'node:inspector'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import type { ContenderName } from '../contenders/names.ts'
import type { Race } from '../rows/row.ts'
import { selfTimes } from './self-times.ts'

const functionsShown = 25

/**
 * Profiles a contender under the load of a row.
 *
 * @returns the functions and the packages that its own time went to; the whole profile is left in the system's
 *   temporary folder, for the developer tools of Chromium or any other viewer
 */
export async function profileTurn(
  bench: Bench,
  { id, entrants }: Race,
  name: ContenderName,
): Promise<string> {
  const ready = await entrants(bench)
  const entrant = typeof ready === 'string' ? undefined : ready.find(({ running }) => running.name === name)
  if (!entrant) throw new Error(typeof ready === 'string' ? ready : `${name} takes no part in ${id}`)
  const { child } = entrant.running
  await entrant.turn(bench.amounts.warmUp)
  const file = join(tmpdir(), `bench-${id}-${name}-${process.pid}.cpuprofile`)
  await child.ask('beginProfile')
  await entrant.turn(bench.amounts.seconds * 2)
  await child.ask('endProfile', file)
  const { functions, packages } = selfTimes(JSON.parse(await readFile(file, 'utf8')) as Profiler.Profile)
  const lines = [
    'Functions, by their own time:',
    ...functions.slice(0, functionsShown).map(format),
    '',
    'Packages, with what Node.js did for them:',
    ...packages.filter(({ share }) => share >= 0.001).map(format),
  ]
  return `${lines.join('\n')}\n\nThe profile: ${file}\n`
}

const format = ({ name, share }: { name: string; share: number }) =>
  `${(share * 100).toFixed(1).padStart(6)} %  ${name}`
