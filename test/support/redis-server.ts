import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, type RedisClientType } from '@redis/client'
import { freePorts } from './free-ports.ts'

/** Debian's name first, then Valkey's. */
const program = ['redis-server', 'valkey-server'].find((name) => !spawnSync(name, ['--version']).error)

/** A Redis that is there already, for tests that neither end nor empty it. */
export const givenRedis = process.env.REDIS_URL

if (!program && process.env.CI) throw new Error('no redis-server: apt-get install redis-server')

/** Why Redis tests are left out, if they are; to be said by `describe.skipIf`. */
export const withoutRedis = program === undefined
if (withoutRedis)
  process.stderr.write('\nNO redis-server ON THIS MACHINE: TESTS THAT NEED IT ARE SKIPPED\n\n')

/** A Redis of a test's own, on a free port, that forgets everything. */
export interface RedisServer {
  url: string
  port: number
  /** Where it saves its data. */
  folder: string
  /** The text under a key. */
  get: (key: string) => Promise<string | undefined>
  /** Puts a text there, for an hour. */
  set: (key: string, text: string) => Promise<void>
  /** Forgets everything. */
  flush: () => Promise<void>
  /** Sends it any command. */
  command: (...command: string[]) => Promise<unknown>
  /** Every key there is. */
  keys: () => Promise<string[]>
  /** Ends the process at once. */
  kill: () => Promise<void>
  /** Starts it again, on the same port, with nothing in it unless it keeps its data. */
  start: () => Promise<void>
  /** Makes it hang, connections and all. */
  freeze: () => void
  thaw: () => void
  close: () => Promise<void>
}

/**
 * Starts a real `redis-server`.
 *
 * @param options.durable whether data outlives `kill`
 * @param options.port a free one unless told
 * @param options.more further arguments
 * @param options.password which everybody needs who asks it, and its replicas, too
 * @param options.sentinel the file of a Sentinel's settings, where it is to be one
 */
export async function startRedis({
  durable = false,
  port: given,
  more = [],
  password,
  sentinel,
}: {
  durable?: boolean
  port?: number | undefined
  more?: string[]
  password?: string
  sentinel?: string
} = {}): Promise<RedisServer> {
  const [port = 0] = given === undefined ? await freePorts(1) : [given]
  const url = `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`
  const folder = mkdtempSync(join(tmpdir(), 'redis-test-'))
  let child: ChildProcess

  async function start(): Promise<void> {
    const durability = durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no']
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--dir',
      folder,
      ...durability,
      ...(password ? ['--requirepass', password, '--masterauth', password] : []),
      ...more,
    ]
    const told = sentinel === undefined ? args : [sentinel, '--sentinel']
    child = spawn(program ?? '', told, { stdio: 'ignore' })
    await asClient(untilLoaded)
  }
  /** A server that keeps its data answers with an error while it reads them. */
  async function untilLoaded(client: RedisClientType): Promise<void> {
    const isLoading = (error: Error) => error.message.startsWith('LOADING')
    while (await client.ping().then(() => false, isLoading)) await pause(10)
  }
  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  async function asClient<T>(task: (client: RedisClientType) => Promise<T>): Promise<T> {
    const client: RedisClientType = createClient({ url, socket: { reconnectStrategy: () => 20 } })
    client.on('error', () => {}) // it is starting
    await client.connect()
    try {
      return await task(client)
    } finally {
      client.destroy()
    }
  }

  await start()
  return {
    url,
    port,
    folder,
    get: (key) => asClient(async (client) => (await client.get(key)) ?? undefined),
    async set(key, text) {
      await asClient((client) => client.set(key, text, { expiration: { type: 'EX', value: 3600 } }))
    },
    async flush() {
      await asClient((client) => client.flushAll())
    },
    command: (...command) => asClient((client) => client.sendCommand(command)),
    keys: () => asClient((client) => client.keys('*')),
    kill,
    start,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async close() {
      child.kill('SIGCONT')
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
