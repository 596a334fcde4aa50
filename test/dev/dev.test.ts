import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { freePorts } from '../support/free-ports.ts'
import { root } from '../support/readmes.ts'
import { Shell } from '../support/shell.ts'
import { signInThroughOkta, UserAgent } from '../support/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'dev-'))
for (const name of ['package.json', 'tsconfig.json', 'src', 'views']) {
  cpSync(join(root, name), join(folder, name), { recursive: true })
}
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
const [app = 0, logto = 0, okta = 0] = await freePorts(3)
const url = `http://localhost:${app}`
const shell = new Shell(folder, {
  PORT: String(app),
  SANDBOX_LOGTO_PORT: String(logto),
  SANDBOX_OKTA_PORT: String(okta),
})

afterEach(() => shell.close())
afterAll(() => rmSync(folder, { recursive: true }))

/** Changes a file as some editors do it, by another file in its place. */
function change(name: string, from: string, to: string): void {
  const before = readFileSync(join(folder, name), 'utf8')
  expect(before).toContain(from)
  writeFileSync(join(folder, `${name}~`), before.replace(from, to))
  renameSync(join(folder, `${name}~`), join(folder, name))
}

it('npm run dev, files of every kind are saved, shows it to somebody who stays signed in, in the same sandbox', async () => {
  const { output, stop } = await shell.start('npm run dev', 'Ctrl-C')
  const [, password = ''] = /Password of all: (\S+)/.exec(output.text) ?? []
  const erin = new UserAgent()
  await signInThroughOkta(erin, { url, password })
  /** Nobody answers while the app starts again. */
  const shows = (path: string, words: string) =>
    vi.waitFor(async () => expect((await erin.open(url + path)).body).toContain(words), { timeout: 60_000 })

  await shows('/api/me', 'employee@acme.example')
  for (const [file, from, to, path, words] of [
    ['views/demo/home.ejs', '<h1>', '<h1>A view: ', '/', '<h1>A view: Welcome'],
    ['views/demo/locales/en.json', '"welcome": "', '"welcome": "A locale: ', '/', 'A locale: Welcome'],
    ['src/demo/api/me.ts', 'res.json({', "res.json({ kind: 'code',", '/api/me', '"kind":"code"'],
  ] as const) {
    change(file, from, to)
    await shows(path, words)
  }
  const [style = ''] = /style\.css\?v=\w+/.exec((await erin.open(url)).body) ?? []
  change('views/sso/public/style.css', ':root', '.a-style {}\n:root')
  await vi.waitFor(async () => expect((await erin.open(url)).body).not.toContain(style), { timeout: 60_000 })
  await shows('/api/me', 'employee@acme.example')

  // Code that cannot run is waited out.
  change('src/demo/api/me.ts', 'export', '} export')
  await vi.waitFor(() => expect(output.text).toContain('The app has ended'), { timeout: 60_000 })
  change('src/demo/api/me.ts', '} export', 'export')
  await shows('/api/me', 'employee@acme.example')
  await signInThroughOkta(new UserAgent(), { url, password })
  await stop()
}, 300_000)
