import { describe, expect, it } from 'vitest'
import { commandOf } from '../support/command-of.ts'
import { processesForTests } from '../support/processes.ts'
import { isProse } from '../support/prose.ts'

const processes = processesForTests()

const run = async (name: string, args: string[], env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = await processes.run([...commandOf(name), ...args], env)
  return { isDone: status === 0, said: stdout + stderr }
}

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
