import { readFile, writeFile } from 'node:fs/promises'
import { replacePart } from '../../support/generated-part.ts'

/** @throws Error when a file has no place for a report */
export async function assertRoomFor(file: string | URL, part = 'bench'): Promise<void> {
  replacePart(await readFile(file, 'utf8'), part, '')
}

/** Puts a report into a file. @throws Error when the file has no markers; then it stays as it is */
export async function writeReport(file: string | URL, report: string, part = 'bench'): Promise<void> {
  await writeFile(file, replacePart(await readFile(file, 'utf8'), part, report))
}
