import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = new URL('../../', import.meta.url)
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  scripts: Record<string, string>
}
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/**
 * What `npm run` starts, with our Node.js and from the source: a build would get in the way of the other tests that
 * build.
 *
 * @param script a name in `package.json`
 * @param imports modules to load before the program
 */
export function commandOf(script: string, imports: readonly string[] = []): string[] {
  const words = scripts[script]?.split(' ').slice(1) ?? []
  const source = (word: string) =>
    word.startsWith('dist/')
      ? fileURLToPath(new URL(word.replace('dist/', 'src/').replace(/\.js$/, '.ts'), root))
      : word
  return [process.execPath, ...[...imports, tsx].flatMap((name) => ['--import', name]), ...words.map(source)]
}
