import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Stack, signInThroughOkta, startStack, UserAgent } from '../support/stack.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const home = async (who: UserAgent) => (await who.open(`${stack.url}/`)).text

describe('ended at Logto', () => {
  it('journey, signed out at Logto and not here, is signed out here in that browser and in no other', async () => {
    const [one, other] = [new UserAgent(), new UserAgent()]
    for (const agent of [one, other]) await signInThroughOkta(agent, stack)
    await one.open(`${stack.sandbox.logto.endpoint}/oidc/session/end`)
    await one.submit({ logout: 'yes' })
    expect(await home(one)).toContain('You are not signed in')
    expect(await home(other)).toContain('You are signed in')
    const ended = stack.logs.filter(({ audit }) => audit === 'ended')
    expect(ended).toEqual([expect.objectContaining({ by: 'backchannel_logout' })])
  })
})
