import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from 'redis'
import { freePorts } from '../support/free-ports.ts'

export interface Redis {
  url: string
  /** How many keys it holds. */
  keys: () => Promise<number>
  close: () => Promise<void>
}

/** @returns a Redis of ours that keeps nothing on disk; undefined on a machine without Redis */
export async function startRedis(): Promise<Redis | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined
  const [port = 0] = await freePorts(1)
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', args, { stdio: 'ignore' })
  await untilItListens(port, server)
  const url = `redis://127.0.0.1:${port}`
  return {
    url,
    async keys() {
      const client = await createClient({ url }).connect()
      const count = await client.dbSize()
      client.destroy()
      return count
    },
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
