import { sign } from 'cookie-signature'
import { describe, expect, it } from 'vitest'
import { signedCookie } from '../../../src/sso/session/sessions.ts'

const [newer, older] = ['newer-secret-0123456789-abcdefghij', 'older-secret-0123456789-abcdefghij']
const read = signedCookie('session', [newer, older])
const signed = (value: string, secret = newer) => `s%3A${encodeURIComponent(sign(value, secret))}`
const [, signature = ''] = sign('id', newer).split('.')

describe('signed cookie', () => {
  it.each([
    ['signed with the first secret', `session=${signed('id')}`],
    ['signed with an older secret', `session=${signed('id', older)}`],
    ['not percent-encoded', `session=s:${sign('id', newer)}`],
    ['among others', `a=1; attempt.x=y;session=${signed('id')} ; b=2`],
    ['first of two of the name', `session=${signed('id')}; session=${signed('other')}`],
  ])('cookie, %s, gives its value', (_what, header) => {
    expect(read(header)).toBe('id')
  })

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['no value', 'session='],
    ['not signed', 'session=id'],
    ['not signed, marked as if', 'session=s%3Aid'],
    ['no signature behind the dot', 'session=s%3Aid.'],
    ['signed with another secret', `session=${signed('id', 'another-secret-0123456789-abcdefghi')}`],
    ['signed and marked otherwise', `session=j%3A${encodeURIComponent(sign('id', newer))}`],
    ['signed and not marked', `session=${encodeURIComponent(sign('id', newer))}`],
    ['another value’s signature', `session=s%3Aother.${encodeURIComponent(signature)}`],
    ['a signature cut short', `session=${signed('id').slice(0, -1)}`],
    ['a signature made longer', `session=${signed('id')}A`],
    ['a character of another alphabet', `session=${signed('é').replace('%C3%A9', 'e')}`],
    ['of another name', `sessions=${signed('id')}; __Host-session=${signed('id')}`],
    ['behind an unsigned one of the name', `session=planted; session=${signed('id')}`],
    ['broken encoding', 'session=s%3Aid.%E0%A4%A'],
  ])('cookie, %s, gives nothing', (_what, header) => {
    expect(read(header)).toBeUndefined()
  })

  it('cookie, read again, gives the same, and lends its name to no other signature', () => {
    for (let time = 0; time < 2; time++) {
      expect(read(`session=${signed('known')}`)).toBe('known')
      expect(read(`session=${signed('known', 'another-secret-0123456789-abcdefghi')}`)).toBeUndefined()
      expect(read(`session=s%3Aknown.${encodeURIComponent(signature)}`)).toBeUndefined()
    }
  })
})
