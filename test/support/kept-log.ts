import { pino } from 'pino'
import { heed } from './audited/heard.ts'

/** A logger that keeps what is written, a parsed line each; audit lines are held to their schema. */
export function keptLog() {
  const logs: Record<string, unknown>[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => logs.push(heed(JSON.parse(line))) })
  return { logger, logs }
}
