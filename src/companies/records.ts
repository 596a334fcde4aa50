import { randomUUID } from 'node:crypto'
import { CompaniesError, phrase } from './companies-error.ts'
import type { Place } from './place.ts'

/** What is kept: `company`, one a connector; `invitation`, one a customer's administrator. */
export type Kind = 'company' | 'invitation'

/** The records of a kind at one moment. What cannot be read is there, as undefined. */
export interface Records {
  readonly version: string | undefined
  readonly records: ReadonlyMap<string, unknown>
}

/** Records that may be changed, and then are all at once. */
export interface Draft {
  /** @returns the record, as JSON has it; undefined where there is none, and past its time */
  get: (id: string) => unknown
  all: () => ReadonlyMap<string, unknown>
  /** @param expiresAt when the record is gone by itself, in milliseconds since 1970; never unless told */
  put: (id: string, record: object, expiresAt?: number) => void
  remove: (id: string) => void
}

const shapeOfId = /^[\w.:-]{1,256}$/
/** Each time somebody else's change succeeded. */
const mostTries = 100

/** @returns the records of a kind that are there and whose time is not over */
export async function readRecords(place: Place, kind: Kind): Promise<Records> {
  const { version, texts } = await place.read(kind)
  return { version, records: recordsIn(texts) }
}

/** @param texts as a place has them */
export function recordsIn(texts: ReadonlyMap<string, string>): ReadonlyMap<string, unknown> {
  const kept = [...texts].map(([id, text]) => ({ id, ...fromText(text) }))
  const here = kept.filter(({ expiresAt }) => typeof expiresAt !== 'number' || expiresAt > Date.now())
  return new Map(here.map(({ id, record }) => [id, record]))
}

/**
 * Changes records of a kind that others may change at the same time: of two changes neither is lost.
 *
 * @param work reads and changes the draft; it is called again, with what is there then, where somebody was faster. What
 *   it raises is raised, and nothing is changed
 * @returns what `work` returns
 * @throws whatever the place throws
 */
export async function editRecords<T>(
  place: Place,
  kind: Kind,
  work: (draft: Draft) => T | Promise<T>,
): Promise<T> {
  for (let tries = 0; tries < mostTries; tries++) {
    const { version, texts } = await place.read(kind)
    const now = new Map(recordsIn(texts))
    const put = new Map<string, string>()
    const dropped = new Set([...texts.keys()].filter((id) => !now.has(id)))
    const result = await work({
      get: (id) => now.get(id),
      all: () => now,
      put(id, record, expiresAt) {
        if (!shapeOfId.test(id)) throw new Error('a record with an ID that is none')
        now.set(id, record)
        put.set(id, JSON.stringify({ record, expiresAt }))
        dropped.delete(id)
      },
      remove(id) {
        now.delete(id)
        put.delete(id)
        if (texts.has(id)) dropped.add(id)
      },
    })
    if (put.size + dropped.size === 0) return result
    if (await place.write(kind, version, { version: randomUUID(), put, dropped: [...dropped] })) return result
  }
  throw new CompaniesError(phrase`${place.name} is written to without end.`, phrase`Try again in a moment.`)
}

interface Kept {
  record?: unknown
  expiresAt?: unknown
}

function fromText(text: string): Kept {
  try {
    const kept: unknown = JSON.parse(text)
    return typeof kept === 'object' && kept !== null ? kept : {}
  } catch {
    return {}
  }
}
