import type { Logger } from 'pino'
import { describeError, newReference } from '../../sso/index.ts'

/**
 * What is thrown outside of every request leaves the process in a state nobody knows: it is logged, in one line
 * with a reference of its own, and the process ends with 1, for whatever watches over it to start a new one.
 *
 * @param logger writes `fatal` lines through before it returns, as pino does
 */
export function endOnUnexpectedError(logger: Logger): void {
  const end = (origin: string) => (error: unknown) => {
    try {
      logger.fatal({ reference: newReference(), origin, err: describeError(error) }, 'unexpected error')
    } finally {
      process.exit(1)
    }
  }
  // Both, since Node.js would put what a promise was rejected with, and maybe a secret, into a message of its own.
  process.on('uncaughtException', end('exception'))
  process.on('unhandledRejection', end('rejection'))
}
