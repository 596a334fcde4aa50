import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  scripts: Record<string, string>
}

/**
 * What `npm run` starts, with our Node.js and from any folder: what was built before all tests.
 *
 * @param script a name in `package.json`
 * @param imports modules to load before the program
 */
export function commandOf(script: string, imports: readonly string[] = []): string[] {
  const words = scripts[script]?.split(' ').slice(1) ?? []
  const absolute = (word: string) => (word.startsWith('dist/') ? fileURLToPath(new URL(word, root)) : word)
  return [process.execPath, ...imports.flatMap((name) => ['--import', name]), ...words.map(absolute)]
}
