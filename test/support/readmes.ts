import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The text of a file, named from the root. */
export const read = (name: string) => readFileSync(join(root, name), 'utf8')

/** Every README, in English, named from the root; the root's first. */
export const readmes = ['README.md', ...['src', 'test'].flatMap(readmesBelow)]

function readmesBelow(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return files.filter((name) => /(^|\/)README\.md$/.test(name)).map((name) => `${folder}/${name}`)
}

/** The Japanese README beside one. */
export const sisterOf = (readme: string) => readme.replace('README.md', 'README.ja.md')

/** What is code in a README, and no text. */
export const fence = /^( *)```.*\n[\s\S]*?\n\1```$/gm

/** A file that a README shows, named in the first line of its block. */
export function fileIn(readme: string, name: string): string {
  const [, text] =
    [...read(readme).matchAll(/^```\w+\n\/\/ (.+)\n([\s\S]*?)^```$/gm)]
      .map(([, named, ...rest]) => [named, ...rest])
      .find(([named]) => named === name) ?? []
  if (text === undefined) throw new Error(`${readme} shows no ${name}`)
  return text
}
