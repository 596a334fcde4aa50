import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Starts a server in a process group of its own, waits for its first answer, and ends the group.
 *
 * @param command program and arguments
 * @param options.env its whole environment
 * @param options.url what is asked for, again and again until it is there
 * @returns milliseconds from the start to the end of the answer
 * @throws Error when it ends before, or answers anything but a 200 with these words
 */
export async function timeToFirstAnswer(
  [program, ...args]: [string, ...string[]],
  { cwd, env, url, words }: { cwd: string; env: Record<string, string>; url: string; words: string },
): Promise<number> {
  const start = performance.now()
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  const errors: Buffer[] = []
  child.stderr.on('data', (data: Buffer) => errors.push(data))
  const killGroup = () => kill(child)
  process.once('exit', killGroup)
  try {
    while (child.exitCode === null) {
      const answer = await ask(url)
      if (answer?.status === 200 && answer.body.includes(words)) return performance.now() - start
      if (answer) throw new Error(`${url} answered ${answer.status} ${answer.body.slice(0, 500)}`)
      await pause(2)
    }
    throw new Error(`${program} ended with ${child.exitCode}: ${Buffer.concat(errors)}`)
  } finally {
    process.off('exit', killGroup)
    // npm stops its child when it is stopped, but not at once; the ports shall be free.
    const closed = child.exitCode === null ? once(child, 'close') : undefined
    killGroup()
    await closed
  }
}

function ask(url: string): Promise<{ status: number; body: string } | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, headers: { accept: 'text/html' } }, async (response) => {
      const chunks = await response.toArray().catch(() => [])
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
    })
    request.on('error', () => resolve(undefined)) // not there yet
  })
}

function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // All of the group has ended.
  }
}
