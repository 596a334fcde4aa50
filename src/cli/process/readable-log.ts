import { visible } from '../../settings/visible.ts'

/** As much of a line of pino's as is written otherwise than `name=value`. */
interface Line {
  level: number
  time: number
  msg: string
  reference?: string
  req?: { method: string; path: string }
  res?: { status?: number }
  milliseconds?: number
  err?: { message: string; stack?: string }
  [fact: string]: unknown
}

const levels: Readonly<Record<number, string>> = { 20: 'debug', 40: 'warn', 50: 'ERROR', 60: 'FATAL' }

/**
 * A line of the log for people who develop, of the JSON that a machine reads in production.
 *
 * @param json a line of pino's
 * @returns time of day, what happened, its facts and the request's reference; the stack of an error below it
 */
export function readableLine(json: string): string {
  const {
    level,
    time,
    msg,
    reference,
    req,
    res,
    milliseconds,
    err,
    pid: _,
    hostname: __,
    ...facts
  } = JSON.parse(json) as Line
  const asked = req && `${req.method} ${req.path} ${res?.status ?? 'aborted'} in ${milliseconds} ms`
  const words = [
    new Date(time).toTimeString().slice(0, 8),
    levels[level],
    asked ?? msg,
    ...Object.entries(facts).map(
      ([name, fact]) => `${name}=${typeof fact === 'string' ? fact : JSON.stringify(fact)}`,
    ),
    err && `– ${err.message}`,
    reference && `(${reference})`,
  ]
  const first = visible(words.filter((word) => word !== undefined && word !== '').join(' '))
  const stack = level >= 50 ? (err?.stack ?? '').split('\n').slice(1) : []
  return `${[first, ...stack.map((call) => `    ${visible(call.trim())}`)].join('\n')}\n`
}
