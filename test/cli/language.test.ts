import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { commandOf } from '../support/command-of.ts'
import { isProse } from '../support/prose.ts'

const folder = mkdtempSync(join(tmpdir(), 'language-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A command as its own process, in an environment of nothing but this. @returns how it ended, and all that it said */
const run = (name: string, args: string[], env: Record<string, string> = {}) =>
  new Promise<{ isDone: boolean; said: string }>((resolve) => {
    const [node = '', ...command] = commandOf(name)
    const options = { cwd: folder, env: { PATH: process.env.PATH, ...env } }
    execFile(node, [...command, ...args], options, (error, stdout, stderr) =>
      resolve({ isDone: !error, said: stdout + stderr }),
    )
  })

/** The lines in which somebody would read English. */
const englishIn = (text: string) => text.split('\n').filter(isProse)

describe.each(['provision', 'doctor', 'companies', 'invite', 'portal', 'sandbox'])(
  'the command %s',
  (name) => {
    it('language, by the locale or as it is asked for, is that of help and of errors', async () => {
      const help = await run(name, ['--help'], { LANG: 'ja_JP.UTF-8' })
      expect([help.isDone, englishIn(help.said)]).toEqual([true, []])
      expect(help.said).toContain('--language en|ja')
      const fault = await run(name, ['--nope', '--language', 'ja'])
      expect([fault.isDone, englishIn(fault.said)]).toEqual([false, []])
      expect(fault.said).toContain('--nope')
    })
  },
)
