import type { SessionName } from './session-backend.ts'

/**
 * Which sessions go by a name, in memory. Nearly every name has one, so that one is kept as it is: a set for each would
 * take as much as a third of the session.
 */
export class NameIndex {
  readonly #ids = new Map<SessionName, string | Set<string>>()

  add(name: SessionName, id: string): void {
    const known = this.#ids.get(name)
    if (known === undefined || known === id) this.#ids.set(name, id)
    else if (typeof known === 'string') this.#ids.set(name, new Set([known, id]))
    else known.add(id)
  }

  remove(name: SessionName, id: string): void {
    const known = this.#ids.get(name)
    if (known === id) this.#ids.delete(name)
    if (!(known instanceof Set)) return
    known.delete(id)
    if (known.size === 0) this.#ids.delete(name)
  }

  /** @returns a copy, which may be gone through while IDs are removed */
  idsOf(name: SessionName): string[] {
    const known = this.#ids.get(name) ?? []
    return typeof known === 'string' ? [known] : [...known]
  }

  /** How many IDs a name has, those that are none any more included. */
  count(name: SessionName): number {
    const known = this.#ids.get(name)
    return known instanceof Set ? known.size : known === undefined ? 0 : 1
  }

  /** Forgets every ID that is none any more. */
  sweep(isOne: (id: string) => boolean, names: Iterable<SessionName> = this.#ids.keys()): void {
    for (const name of names) {
      for (const id of this.idsOf(name)) if (!isOne(id)) this.remove(name, id)
    }
  }
}
