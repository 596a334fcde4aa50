import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { readableLine } from '../../../src/cli/process/readable-log.ts'
import { describeError } from '../../../src/sso/http/describe-error.ts'

/** What is written for people when this is logged. */
function written(log: (logger: pino.Logger) => void): string {
  let text = ''
  log(
    pino(
      { level: 'debug', serializers: { err: (err) => err } },
      { write: (line) => (text += readableLine(line)) },
    ),
  )
  return text
}
const clock = /^\d\d:\d\d:\d\d /

describe('the log for people', () => {
  it.each<[string, (logger: pino.Logger) => void, string]>([
    [
      'request',
      (log) =>
        log.info(
          { reference: 'ab12', req: { method: 'GET', path: '/x' }, res: { status: 200 }, milliseconds: 7 },
          'request',
        ),
      'GET /x 200 in 7 ms (ab12)',
    ],
    [
      'request that was given up',
      (log) =>
        log.info({ req: { method: 'GET', path: '/' }, res: { aborted: true }, milliseconds: 7 }, 'request'),
      'GET / aborted in 7 ms',
    ],
    [
      'audit line, with what a terminal would obey',
      (log) => log.info({ audit: 'signed_in', sub: 'a\u202eb\u009b' }, 'audit'),
      'audit audit=signed_in sub=a\\u202eb\\u009b',
    ],
    ['line of debug', (log) => log.debug({ list: [1, { a: 2 }] }, 'look'), 'debug look list=[1,{"a":2}]'],
    ['warning, without facts', (log) => log.warn('a hint'), 'warn a hint'],
  ])('%s, is one line', (_what, log, line) => {
    const text = written(log)
    expect(text).toMatch(clock)
    expect(text.replace(clock, '')).toBe(`${line}\n`)
  })

  it('error, has its words in the line and its stack below', () => {
    const [first = '', second = ''] = written((log) =>
      log.error({ err: describeError(new Error('no answer')) }, 'redis is away'),
    ).split('\n')
    expect(first.replace(clock, '')).toBe('ERROR redis is away – no answer')
    expect(second).toMatch(/^ {4}at /)
    const stack = 'Error: x\n    at a\u001b[2J (b.js:1:1)\n    at c'
    expect(written((log) => log.error({ err: { message: 'x', stack } }, 'no'))).toMatch(
      /x\n {4}at a\\u001b\[2J \(b\.js:1:1\)\n {4}at c\n$/,
    )
  })
})
