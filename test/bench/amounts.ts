/** How much is measured. */
export interface Amounts {
  /** Rounds of each row; in each round every contender has its turn. */
  rounds: number
  /** Seconds of one turn. */
  seconds: number
  /** Seconds of a turn that does not count, so that the code is compiled. */
  warmUp: number
  /** How often the process is started. */
  starts: number
  /** How often everything is built and started. */
  builds: number
  /** Sessions in the memory store. */
  sessions: number
  /** Requests after which resident memory is looked at. */
  residentAfter: [first: number, last: number]
}

export const full: Amounts = {
  rounds: 6,
  seconds: 2,
  warmUp: 1.5,
  starts: 7,
  builds: 3,
  sessions: 100_000,
  residentAfter: [10_000, 100_000],
}

/** Enough to see that every answer is right. */
export const short: Amounts = {
  rounds: 1,
  seconds: 0.5,
  warmUp: 0.5,
  starts: 1,
  builds: 1,
  sessions: 2_000,
  residentAfter: [200, 1_000],
}
