import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/sso/http/app-error.ts'
import { describeError } from '../../../src/sso/http/describe-error.ts'

describe('describeError', () => {
  it('error, other properties of it, are left out', () => {
    const error = Object.assign(new Error('refused'), { code: 'E_REFUSED', payload: { sub: 'secret' } })
    expect(describeError(error)).toEqual({
      name: 'Error',
      code: 'E_REFUSED',
      message: 'refused',
      stack: expect.any(String),
    })
  })

  it('error, a chain of causes that is a ring, ends', () => {
    const error = new Error('outer')
    error.cause = error
    expect(JSON.stringify(describeError(error)).match(/"message":"outer"/g)).toHaveLength(5)
  })

  it.each([
    ['a terminal’s command', '\u001b[2J', '\\u001b[2J'],
    ['one of C1', '\u009b2J', '\\u009b2J'],
    ['a line of its own', 'no\r\nall is well', 'no\\u000d\\u000aall is well'],
    ['a mark that turns the text', '\u202egpj', '\\u202egpj'],
  ])('error, with %s in what a server said, shows it', (_what, said, shown) => {
    const cause = Object.assign(new Error(said), { name: said, code: said })
    const described = JSON.stringify(describeError(new Error('refused', { cause })))
    expect(JSON.parse(described)).toMatchObject({
      cause: { name: shown, code: shown, message: shown, stack: expect.stringContaining(shown) },
    })
  })

  it('error, thrown but none, tells its type and not its value', () => {
    expect(describeError('a secret')).toEqual({ name: 'string' })
  })

  it('error, after a visitor’s own fault, has its stack as ever', () => {
    const fault = new AppError({ status: 400, code: 'bad' })
    expect(fault.stack).not.toContain('    at ')
    for (const error of [new Error('boom'), new AppError({ status: 500, code: 'worse' })]) {
      expect(describeError(error)).toMatchObject({ stack: expect.stringContaining('    at ') })
    }
  })

  it('error, the visitor’s own fault, has no stack, its cause neither', () => {
    const error = new AppError({ status: 400, code: 'bad', cause: new Error('inner') })
    expect(describeError(error)).toEqual({
      name: 'AppError',
      code: 'bad',
      message: 'bad',
      cause: { name: 'Error', message: 'inner' },
    })
  })
})
