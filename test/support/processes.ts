import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

type Environment = Record<string, string | number | undefined>

/** Processes of their own for a file's tests, in a folder that is empty before each, and gone after it. */
export function processesForTests() {
  const running = new Set<ChildProcess>()
  const place = { folder: '' }
  beforeEach(() => {
    place.folder = mkdtempSync(join(tmpdir(), 'cli-test-'))
  })
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL')
    running.clear()
    rmSync(place.folder, { recursive: true })
  })

  /** Starts a command in an environment of nothing but this. @param isTypedTo whether its input stays open */
  function start([command = '', ...args]: string[], env: Environment = {}, isTypedTo = false) {
    const given = Object.entries(env).filter(([, value]) => value !== undefined)
    const texts = Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
    const options = { cwd: place.folder, env: { PATH: process.env.PATH, ...texts } }
    const child = spawn(command, args, options)
    if (!isTypedTo) child.stdin.end()
    running.add(child)
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (data) => {
        output[name] += data
      })
    // All of the output is there only once its streams are closed.
    const exit = once(child, 'close').then(([code]) => code as number | null)
    return { child, output, exit }
  }

  /** The same to its end. */
  async function run(command: string[], env?: Environment) {
    const { output, exit } = start(command, env)
    const status = await exit
    return { status, ...output }
  }
  return { place, start, run }
}
