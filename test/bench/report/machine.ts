import { availableParallelism, cpus, totalmem } from 'node:os'

/** What was measured on, and when. */
export interface Machine {
  cpu: string
  cores: number
  memoryGiB: number
  node: string
  /** Year, month and day, in UTC. */
  date: string
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || process.arch,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  }
}
