import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { SessionData, Store } from 'express-session'
import { answerParent } from '../processes/commands.ts'
import { anotherSession } from './another-session.ts'

/** Where the store is bounded. */
const bound = 100_000

/** The process whose memory is filled with sessions. It needs `--expose-gc`. */
const { memoryStore } = (await import(
  new URL('../../../dist/sessions/memory-store.js', import.meta.url).href
)) as typeof import('../../../src/sessions/memory-store.ts')
const store: Store = memoryStore()
let template = ''

async function add(count: number): Promise<number> {
  let bytes = 0
  for (let i = 0; i < count; i++) {
    const row = anotherSession(template)
    bytes += Buffer.byteLength(row)
    const session = JSON.parse(row) as SessionData
    await promisify<void>((done) => store.set(randomBytes(24).toString('base64url'), session, done))()
  }
  return bytes
}

const commands = {
  /** @returns the bytes of what was put in, and by how many bytes the heap and resident memory have grown */
  async fill(asked: { template: string; count: number }) {
    template = asked.template
    await add(100) // so that code compiled on the way is not counted
    const before = memory()
    const bytes = await add(asked.count)
    const after = memory()
    return { bytes, heap: after.heap - before.heap, resident: after.resident - before.resident }
  },
  /** @returns how many sessions are held after more than the bound was put in */
  async overfill(): Promise<number> {
    await add(bound * 1.1 - (await length()))
    return length()
  },
}

export type MemoryCommands = typeof commands

function memory() {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, resident: rss }
}

async function length(): Promise<number> {
  return promisify<number>((done) => store.length?.((error, count) => done(error, count ?? 0)))()
}

answerParent(commands)
