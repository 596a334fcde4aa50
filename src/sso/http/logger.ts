/** Writes one line: what happened, and its facts. */
export type Write = (facts: object, message: string) => void

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

/** The same logger, which leaves a described error as it is; pino would take it for one, and describe it once more. */
export function withoutSerializers(logger: Logger): Logger {
  return logger.child({}, { serializers: { err: (described: unknown) => described } })
}
