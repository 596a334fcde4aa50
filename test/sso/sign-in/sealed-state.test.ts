import { describe, expect, it } from 'vitest'
import { type StateContents, stateSeal } from '../../../src/sso/attempt/sealed-state.ts'

const [first, second, third] = ['first', 'second', 'third'].map(
  (name) => `${name}-secret-0123456789-abcdefghij`,
) as [string, string, string]
const contents: StateContents = { id: 'mwv-1', returnTo: 'https://app.test/profile?x=é', expiresAt: 1 }
const { seal, open } = stateSeal([first])
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('sealed state', () => {
  it('state, opened, says what was sealed, however old', () => {
    expect(open(seal(contents))).toEqual(contents)
  })

  it('state, sealed twice, is another text each time', () => {
    const states = Array.from({ length: 100 }, () => seal(contents))
    expect(new Set(states.map((state) => state.slice(0, 16))).size).toBe(100)
    expect(new Set(states.map((state) => state.slice(16, 40))).size).toBe(100)
  })

  it.each([
    ['a rotation, the older one after the newer', [second, first], contents],
    ['two rotations', [third, second, first], contents],
    ['a replacement', [second], undefined],
    ['a rotation that forgot it', [third, second], undefined],
  ])('state, opened after %s, says %s', (_what, secrets, said) => {
    expect(stateSeal(secrets as [string, ...string[]]).open(seal(contents))).toEqual(said)
  })

  it('state, any character of it changed, opens nothing', () => {
    const state = seal(contents)
    for (let at = 0; at < state.length; at++) {
      const other = alphabet[(alphabet.indexOf(state[at] ?? '') + 1) % 64]
      expect(open(state.slice(0, at) + other + state.slice(at + 1)), `character ${at}`).toBeUndefined()
    }
  })

  it('state, cut to any length, opens nothing', () => {
    const state = seal(contents)
    for (let length = 0; length < state.length; length++) {
      expect(open(state.slice(0, length)), `length ${length}`).toBeUndefined()
      expect(open(state.slice(length)), `last ${state.length - length}`).toSatisfy(
        (opened) => opened === undefined || length === 0,
      )
    }
  })

  it.each(['', 'a', 'ab', 'aaa'])('state, its contents longer by %j, opens by one text only', (more) => {
    const state = seal({ ...contents, id: contents.id + more })
    const others = [...alphabet].map((last) => state.slice(0, -1) + last).filter((other) => other !== state)
    for (const other of [...others, `${state}=`, `${state}A`, ` ${state}`, `${state}\n`, `${state}.`])
      expect(open(other)).toBeUndefined()
    expect(open(state)?.id).toBe(contents.id + more)
  })

  it('state, its parts taken from two, opens nothing', () => {
    const [one, two] = [seal(contents), seal(contents)].map((state) => Buffer.from(state, 'base64url')) as [
      Buffer,
      Buffer,
    ]
    for (const at of [12, one.length - 16]) {
      const mixed = Buffer.concat([one.subarray(0, at), two.subarray(at)])
      expect(open(mixed.toString('base64url'))).toBeUndefined()
    }
  })

  it('state, what shows of it, tells neither path nor name', () => {
    const bytes = Buffer.from(seal(contents), 'base64url').toString('latin1')
    expect(bytes).not.toMatch(/profile|app\.test|mwv/)
  })
})
