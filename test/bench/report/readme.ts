import { readFile, writeFile } from 'node:fs/promises'

const start = '<!-- bench: start -->'
const end = '<!-- bench: end -->'

/**
 * Puts a report between the two markers of a text, in place of what was there.
 *
 * @throws Error when the markers are not there, once each and in order
 */
export function replaceReport(text: string, report: string): string {
  const [before, between, ...more] = text.split(start)
  const [, after, ...evenMore] = between?.split(end) ?? []
  if (before === undefined || after === undefined || more.length > 0 || evenMore.length > 0) {
    throw new Error(`there must be one ${start} and, after it, one ${end}`)
  }
  return `${before}${start}\n${report}\n${end}${after}`
}

/** @throws Error when a file has no place for a report */
export async function assertRoomFor(file: string | URL): Promise<void> {
  replaceReport(await readFile(file, 'utf8'), '')
}

/** Puts a report into a file. @throws Error when the file has no markers; then it stays as it is */
export async function writeReport(file: string | URL, report: string): Promise<void> {
  await writeFile(file, replaceReport(await readFile(file, 'utf8'), report))
}
