/** How many of what is put into Redis. */
export interface Size {
  sessions: number
  /** Each has as many sessions as the others, but for one who has `busiest`. */
  people: number
  companies: number
  /** People of the first company, which is taken away. */
  crowd: number
  /** Sessions of the person who signs out everywhere. */
  busiest: number
  /** Rounds of pages, and seconds of each turn. */
  rounds: number
  seconds: number
  /** Sessions whose pages are asked for, picked evenly. */
  asked: number
  /** People of the crowd who come back each second. */
  comeBack: number
}

/** What the million is compared with, on the same machine. */
export const beside = 1000

/**
 * @param sessions as typed: a number, or `small` for a test of seconds that proves nothing but that it works
 * @throws Error for anything else
 */
export function sizeOf(sessions: string): Size {
  if (sessions === 'small')
    return { ...sizeFor(1000), people: 200, companies: 10, crowd: 40, rounds: 1, seconds: 0.5, asked: 200 }
  const count = Number(sessions)
  if (!Number.isInteger(count) || count < beside || count > 1_000_000)
    throw new Error(`--scale takes a number of sessions from ${beside} to 1000000, or “small”.`)
  return sizeFor(count)
}

const sizeFor = (sessions: number): Size => ({
  sessions,
  ...{ people: sessions / 5, companies: 1000, crowd: Math.max(100, sessions / 100), busiest: 50 },
  ...{ rounds: 5, seconds: 5, asked: Math.min(sessions, 50_000), comeBack: Math.max(20, sessions / 2500) },
})
