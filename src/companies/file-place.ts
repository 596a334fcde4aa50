import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { CompaniesError, phrase } from './companies-error.ts'
import type { Place, TextChanges } from './place.ts'

/** How long a writer waits for another one, and how often it looks, in milliseconds. */
const wait = { most: 2000, look: 20 }

/** Looked at by hand, for a schema of each takes a process a while, where it starts with a thousand. */
const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((text) => typeof text === 'string')

const contents = z.record(
  z.string(),
  z.object({ version: z.string(), records: z.custom<Record<string, string>>(isTexts) }),
)
type Contents = z.output<typeof contents>

/**
 * Records in a file that only its owner reads, for an app without Redis. A writer makes the next file beside it, which
 * exists once at a time and so keeps other writers out, and puts it in the place of the file in one step: whoever reads
 * finds the one or the other, whole.
 *
 * @param path of the file; it need not be there
 */
export function filePlace(path: string): Place {
  const file = resolve(path)
  const next = `${file}.lock`
  let known: { stamp: string; contents: Contents } | undefined

  /** Reads the file, unless it is the one that was read last. */
  async function present(): Promise<Contents> {
    const stamp = await stampOf(file)
    if (stamp === undefined) return {}
    if (known?.stamp !== stamp) known = { stamp, contents: parsed(await readFile(file, 'utf8'), file) }
    return known.contents
  }

  async function write(kind: string, was: string | undefined, changes: TextChanges): Promise<boolean> {
    const writer = await opened(next)
    let isDone = false
    try {
      const all = await present()
      if (all[kind]?.version !== was) return false
      const records = { ...all[kind]?.records, ...Object.fromEntries(changes.put) }
      for (const id of changes.dropped) delete records[id]
      const text = JSON.stringify({ ...all, [kind]: { version: changes.version, records } }, undefined, 2)
      await writer.writeFile(`${text}\n`)
      await writer.sync()
      await rename(next, file)
      isDone = true
      return true
    } finally {
      await writer.close()
      if (!isDone) await rm(next, { force: true })
    }
  }

  return {
    name: file,
    mayForget: false,
    version: async (kind) => (await present())[kind]?.version,
    async read(kind) {
      const { version, records = {} } = (await present())[kind] ?? {}
      return { version, texts: new Map(Object.entries(records)) }
    },
    write,
    close: async () => {},
  }
}

/** Tells one state of a file from the next, which is another file (`ino`). */
async function stampOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch((error) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return found && `${found.ino} ${found.mtimeNs} ${found.size}`
}

function parsed(text: string, file: string): Contents {
  try {
    return contents.parse(JSON.parse(text))
  } catch (cause) {
    throw new CompaniesError(
      phrase`${file} is not a file of companies.`,
      phrase`Put it back as it was, or move it away and run provision again.`,
      { cause },
    )
  }
}

/** Opens the file that is to be the next one, once no other writer has it. */
async function opened(next: string) {
  await mkdir(dirname(next), { recursive: true })
  for (const giveUpAt = Date.now() + wait.most; ; await pause(wait.look)) {
    try {
      return await open(next, 'wx', 0o600)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
      if (Date.now() < giveUpAt) continue
      throw new CompaniesError(
        phrase`${next} is there: another command is writing, or was interrupted while it did.`,
        phrase`Wait until it is done. If none is running, delete that file.`,
        { cause },
      )
    }
  }
}
