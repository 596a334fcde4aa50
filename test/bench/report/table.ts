import type { Machine } from './machine.ts'
import { isReached, type Line, type Reach, type RowResult, type Unit } from './result.ts'
import type { Spread } from './statistics.ts'

const heading = ['path', 'measured', 'median', 'spread', 'ratio', 'CPU each', 'to reach']

/**
 * The results as a Markdown table whose columns are also aligned as text, with the machine below it.
 *
 * @param results one entry a path
 */
export function formatReport(results: readonly RowResult[], machine: Machine): string {
  return `${formatTable(results)}\n\n${formatMachine(machine)}`
}

export function formatTable(results: readonly RowResult[]): string {
  const rows = [heading, ...results.flatMap(cellsOf)]
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const text = rows.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`)
  text.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
  return text.join('\n')
}

function cellsOf({ path, lines, skipped }: RowResult): string[][] {
  if (skipped) return [[path, `left out: ${skipped}`, '', '', '', '', '']]
  return lines.map((line, index) => [
    index === 0 ? path : '',
    line.what,
    format(line.value.median, line.unit),
    isOne(line.value) ? '' : `${amount(line.value.least, line.unit)}–${format(line.value.most, line.unit)}`,
    line.ratio ? formatRatio(line.ratio) : '',
    line.cpu ? `${Math.round(line.cpu.median)} µs` : '',
    formatReach(line),
  ])
}

const isOne = ({ least, most }: Spread) => least === most

function formatRatio(ratio: Spread): string {
  const median = ratio.median.toFixed(2)
  return isOne(ratio) ? median : `${median} (${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)})`
}

function formatReach(line: Line): string {
  if (!line.reach) return ''
  return `${formatBound(line.reach, line.ratio ? '×' : line.unit)}: ${isReached(line) ? 'yes' : 'no'}`
}

function formatBound(reach: Reach, unit: Unit): string {
  return 'atLeast' in reach ? `≥ ${format(reach.atLeast, unit)}` : `≤ ${format(reach.atMost, unit)}`
}

function format(value: number, unit: Unit): string {
  if (unit === '×') return amount(value, unit)
  return unit === '/s' ? `${amount(value, unit)}/s` : `${amount(value, unit)} ${unit}`
}

function amount(value: number, unit: Unit): string {
  const digits = unit === '×' ? 2 : unit === 'MB' || unit === 'µs' ? 1 : 0
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function formatMachine({ cpu, cores, memoryGiB, node, date }: Machine): string {
  return `Measured on ${date} with Node.js ${node} on ${cpu}, ${cores} cores, ${memoryGiB} GiB. Seconds differ from machine to machine; ratios, taken round by round, hold.`
}
