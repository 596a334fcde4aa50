import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Answer, Commands, Question } from './commands.ts'

/**
 * A process of ours that answers commands. Its output goes to a file, as a server's log may, and is shown only if the
 * process ends by itself.
 *
 * @typeParam C the commands it answers
 */
export class Child<C extends Commands> {
  readonly #process: ChildProcess
  readonly #folder = mkdtempSync(join(tmpdir(), 'bench-'))
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #asked = 0

  /**
   * @param script the TypeScript file to run, relative to `test/bench`
   * @param nodeArgs further arguments for Node.js
   */
  constructor(script: string, nodeArgs: string[] = []) {
    const output = openSync(join(this.#folder, 'output'), 'w')
    this.#process = fork(fileURLToPath(new URL(`../${script}`, import.meta.url)), {
      execArgv: ['--import', 'tsx', ...nodeArgs],
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', output, output, 'ipc'],
    })
    closeSync(output)
    this.#process.on('message', (answer: Answer) => this.#waiting.get(answer.id)?.(answer))
    this.#process.on('exit', () => {
      const error = `${script} ended by itself:\n${this.#output()}`
      for (const [id, settle] of this.#waiting) settle({ id, error })
    })
  }

  /** @throws Error with the words of the error in the child, or its output when it has ended */
  async ask<Name extends keyof C & string>(
    name: Name,
    ...[argument]: Parameters<C[Name]>
  ): Promise<Awaited<ReturnType<C[Name]>>> {
    const id = ++this.#asked
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve)
      this.#process.send({ id, name, argument } satisfies Question, (error) => {
        if (error) resolve({ id, error: `${error.message}\n${this.#output()}` })
      })
    })
    this.#waiting.delete(id)
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value as Awaited<ReturnType<C[Name]>>
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exit = once(this.#process, 'exit')
      this.#process.kill()
      await exit
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #output(): string {
    return readFileSync(join(this.#folder, 'output'), 'utf8').slice(-4000)
  }
}
