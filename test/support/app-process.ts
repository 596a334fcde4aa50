import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { heed } from './audited/heard.ts'

const server = fileURLToPath(new URL('../../dist/demo/server.js', import.meta.url))

/** The app as a process of its own. */
export interface AppProcess {
  port: number
  /** What it logged, a parsed line each. */
  logs: Record<string, unknown>[]
  /** Whatever else it printed. */
  printed: () => string
  child: ChildProcess
  /** Its exit code; null when a signal ended it. */
  exit: Promise<number | null>
  kill: (signal?: NodeJS.Signals) => Promise<number | null>
}

/**
 * Starts `dist/demo/server.js` with these settings and nothing else of the environment, and waits until it listens.
 *
 * @param env the settings, `PORT` among them
 */
export async function startAppProcess(env: Record<string, string>): Promise<AppProcess> {
  const child = spawn(process.execPath, ['--enable-source-maps', server], {
    cwd: tmpdir(), // where no developer's `.env` is
    env: { PATH: process.env.PATH, LOG_FORMAT: 'json', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const logs: Record<string, unknown>[] = []
  let printed = ''
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  child.stderr.on('data', (data) => {
    printed += data
  })
  const lines = createInterface({ input: child.stdout })
  const listening = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (!line.startsWith('{')) {
        printed += `${line}\n`
        return
      }
      const entry = heed(JSON.parse(line))
      logs.push(entry)
      if (entry.msg === 'listening') resolve()
    })
  })
  const early = exit.then((code) => {
    throw new Error(`the app ended with ${code}: ${printed}`)
  })
  early.catch(() => {})
  await Promise.race([listening, early])
  return {
    port: Number(env.PORT),
    logs,
    printed: () => printed,
    child,
    exit,
    kill(signal = 'SIGKILL') {
      child.kill(signal)
      return exit
    },
  }
}
