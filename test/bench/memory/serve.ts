import { randomBytes } from 'node:crypto'
import { answerParent } from '../processes/commands.ts'
import { anotherSession, namesIn } from './another-session.ts'

/** Where the store is bounded. */
const bound = 100_000
const hour = 3_600_000

/** The process whose memory is filled with sessions. It needs `--expose-gc`. */
const { memoryBackend } = (await import(
  new URL('../../../dist/sso/session/backend/memory-backend.js', import.meta.url).href
)) as typeof import('../../../src/sso/session/backend/memory-backend.ts')
const backend = memoryBackend({ idle: hour })
let template = ''
/** Of what was put in last, so that it can be counted. */
const ids: string[] = []

async function add(count: number, { counting = false } = {}): Promise<number> {
  let bytes = 0
  for (let i = 0; i < count; i++) {
    const text = anotherSession(template)
    bytes += Buffer.byteLength(text)
    const id = randomBytes(24).toString('base64url')
    const now = Date.now()
    await backend.create({ id, text, names: namesIn(text), endsAt: now + hour, since: now })
    if (counting) ids.push(id)
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
    await add(bound * 1.1, { counting: true })
    const texts = await Promise.all(ids.map((id) => backend.read(id)))
    return texts.filter((text) => text !== undefined).length
  },
}

export type MemoryCommands = typeof commands

function memory() {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, resident: rss }
}

answerParent(commands)
