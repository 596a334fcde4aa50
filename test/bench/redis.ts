import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, type RedisClientType } from '@redis/client'
import { freePorts } from '../support/free-ports.ts'

export interface Redis {
  url: string
  /** How many keys it holds. */
  keys: () => Promise<number>
  /** Bytes its data take, and microseconds of CPU it has used. */
  usage: () => Promise<{ memory: number; cpu: number }>
  close: () => Promise<void>
}

/**
 * @param more further arguments of the server
 * @returns a Redis of ours that keeps nothing on disk; undefined on a machine without Redis
 */
export async function startRedis(more: string[] = []): Promise<Redis | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined
  const [port = 0] = await freePorts(1)
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...more]
  const server = spawn('redis-server', args, { stdio: 'ignore' })
  await untilItListens(port, server)
  const url = `redis://127.0.0.1:${port}`
  const ask = async <T>(task: (client: RedisClientType) => Promise<T>): Promise<T> => {
    const client: RedisClientType = createClient({ url })
    try {
      return await task(await client.connect())
    } finally {
      client.destroy()
    }
  }
  return {
    url,
    keys: () => ask((client) => client.dbSize()),
    usage: () =>
      ask(async (client) => {
        const [memory, cpu] = [await client.info('memory'), await client.info('cpu')]
        const figure = (text: string, name: string) =>
          Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1])
        const seconds = figure(cpu, 'used_cpu_user') + figure(cpu, 'used_cpu_sys')
        return { memory: figure(memory, 'used_memory'), cpu: seconds * 1e6 }
      }),
    async close() {
      const exit = once(server, 'exit')
      if (server.kill()) await exit
    },
  }
}

async function untilItListens(port: number, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const socket = connect(port, '127.0.0.1')
    const listens = await once(socket, 'connect').catch(() => undefined)
    socket.destroy()
    if (listens) return
    await pause(20)
  }
  throw new Error(`redis-server ended with ${server.exitCode}`)
}
