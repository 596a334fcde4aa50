import { ErrorReply } from '@redis/client'
import { RedisAwayError, RedisRefusesError } from './redis-away.ts'

/**
 * Codes of error replies that are about the command, or the value under its key. Every other code is about the server,
 * or about us as its user: `READONLY`, `LOADING` and `MASTERDOWN` during a failover, `MISCONF`, `OOM` and `NOREPLICAS`
 * while no write is taken, `BUSY` while a script runs, `NOAUTH`, `WRONGPASS` and `NOPERM` by its settings or ours,
 * `MOVED`, `CROSSSLOT` and `CLUSTERDOWN` from a cluster, and whatever later versions of Redis and Valkey may have.
 */
const aboutTheCommand = ['ERR', 'WRONGTYPE', 'NOSCRIPT']

/** What a command that failed means: `RedisAwayError`, unless Redis has said that the command is at fault. */
export function faultOf(error: unknown): unknown {
  if (error instanceof RedisAwayError) return error
  if (!(error instanceof ErrorReply)) return new RedisAwayError('lost the connection', { cause: error })
  const code = codeOf(error)
  return aboutTheCommand.includes(code) ? error : new RedisRefusesError(code, error.message)
}

/**
 * The first word, unless a command within a script has failed: before Redis 7, its code comes after words about the
 * script, and what a user may not do has none at all.
 */
function codeOf({ message }: ErrorReply): string {
  if (/^ERR (ACL failure in script|The user executing the script)/.test(message)) return 'NOPERM'
  return /^ERR Error running script .* -([A-Z]+) /.exec(message)?.[1] ?? message.split(' ', 1)[0] ?? ''
}
