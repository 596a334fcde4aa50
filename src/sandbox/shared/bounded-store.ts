interface Entry<T> {
  value: T
  expiresAt: number
}

/**
 * A map that forgets: every entry runs out, and the oldest goes when the map is full, so that ten thousand
 * sign-ins begun and never finished cost no more memory than the limit.
 */
export class BoundedStore<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    if (entry.expiresAt > Date.now()) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  /** Everything that has not run out, the oldest first. */
  values(): T[] {
    const now = Date.now()
    return [...this.#entries.values()].filter(({ expiresAt }) => expiresAt > now).map(({ value }) => value)
  }

  /** Keeps `value` for `ttl` seconds; an entry written again counts as the newest. */
  set(key: string, value: T, ttl: number): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, expiresAt: Date.now() + ttl * 1000 })
    this.#dropOldest()
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  #dropOldest(): void {
    const now = Date.now()
    for (const [key, entry] of this.#entries) {
      if (entry.expiresAt > now && this.#entries.size <= this.#limit) return
      this.#entries.delete(key)
    }
  }
}
