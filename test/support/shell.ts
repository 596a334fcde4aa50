import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, vi } from 'vitest'

/** What of the environment a command gets: vitest has put things into it that are settings of ours. */
const ofTheShell = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|CHROME_PATH|npm_config_.*|NODE_EXTRA_CA_CERTS)$/i.test(name),
  ),
)

/** A terminal in which commands of the READMEs are typed. */
export class Shell {
  readonly #running = new Set<ChildProcess>()
  readonly #settings: Readonly<Record<string, string>>
  folder: string

  /** @param settings in the environment of every command, such as ports of a test's own */
  constructor(folder: string, settings: Readonly<Record<string, string>> = {}) {
    this.folder = folder
    this.#settings = settings
  }

  /** Runs a command to its end. @returns what it printed @throws where it fails */
  async run(command: string, settings: Record<string, string> = {}): Promise<string> {
    const { output, ended } = this.#begin(command, settings)
    expect(await ended, `${command}: ${output.text}`).toBe(0)
    return output.text
  }

  /**
   * Starts what does not end by itself.
   *
   * @param there words that it prints when it is there; or what succeeds then
   */
  async start(
    command: string,
    there: string | (() => Promise<unknown>),
    settings: Record<string, string> = {},
  ) {
    const { child, output, ended } = this.#begin(command, settings)
    const early = ended.then((code) => {
      throw new Error(`${command} ended with ${code}: ${output.text}`)
    })
    early.catch(() => {})
    const isThere = async () => (typeof there === 'string' ? output.text.includes(there) : await there())
    await Promise.race([vi.waitFor(async () => expect(await isThere()).toBeTruthy(), 120_000), early])
    return { output, stop: () => this.#stop(child) }
  }

  /** Ends whatever still runs. */
  async close(): Promise<void> {
    for (const child of this.#running) await this.#stop(child)
  }

  #begin(command: string, settings: Record<string, string>) {
    const env = { ...ofTheShell, ...this.#settings, ...settings }
    // In a group of its own, which can be told to stop whole, as Ctrl-C does it.
    const child = spawn('bash', ['-c', command], { cwd: this.folder, env, detached: true })
    this.#running.add(child)
    const output = { text: '' }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output.text += data))
    const ended = once(child, 'close').then(([code]) => {
      this.#running.delete(child)
      return code as number | null
    })
    return { child, output, ended }
  }

  async #stop(child: ChildProcess): Promise<void> {
    const ended = once(child, 'close')
    process.kill(-(child.pid ?? 0), 'SIGINT')
    await ended
  }
}
