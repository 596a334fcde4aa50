import { randomUUID } from 'node:crypto'
import { describeError } from './describe-error.ts'

/** Writes one line: what happened, and its facts. */
type Write = (facts: object, message: string) => void

/** What a host hands over to write lines with: pino, or anything that has these methods. */
export interface Logger {
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  /** For what a machine asks for every few seconds. */
  readonly debug?: Write | undefined
  readonly child: (facts: Record<string, unknown>, options?: Record<string, unknown>) => Logger
}

/** The levels that lines are written at here. */
export type Lines = Readonly<Record<'debug' | 'info' | 'warn' | 'error', Write>>

/**
 * A logger whose lines hold no token, whatever logger a host has: what OIDC libraries throw holds whole answers, so `err`
 * is described and never copied.
 *
 * @param facts what every line says beside its own
 */
export function linesTo(logger: Logger, facts: object = {}): Lines {
  const write =
    (level: keyof Lines): Write =>
    (own, message) => {
      const line = 'err' in own ? { ...facts, ...own, err: describeError(own.err) } : { ...facts, ...own }
      logger[level]?.(line, message)
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** The same logger, which leaves a described error as it is; pino would take it for one, and describe it once more. */
export function withoutSerializers(logger: Logger): Logger {
  return logger.child({}, { serializers: { err: (described: unknown) => described } })
}

/** A short name for one request or one mishap, shown to the person and in the log: 10 hexadecimal digits. */
export function newReference(): string {
  // Node.js has UUIDs in stock, and asks for other random bytes one request at a time. The first 12 digits are random.
  const uuid = randomUUID()
  return uuid.slice(0, 8) + uuid.slice(9, 11)
}
