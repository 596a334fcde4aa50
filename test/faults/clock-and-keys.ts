import { expect } from 'vitest'
import {
  expectSignedIn,
  expectSignedOut,
  type Fault,
  onlySession,
  renewals,
  sidOf,
  staleAgent,
} from './fault.ts'

/** Logto's clock differs from ours, and its keys change. */
export const clockAndKeyFaults: Fault[] = [
  ...([45, -45, 58, -58] as const).map(
    (seconds): Fault => ({
      fault: `Logto's clock ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`,
      holds: 'sign-in, renewal and logout work as ever',
      async run(stage) {
        const { control } = stage.sandbox
        control.moveClock(seconds)
        const agent = await staleAgent(stage)
        const before = renewals(stage)
        await expectSignedIn(stage, agent)
        expect(renewals(stage)).toBe(before + 1)
        const sid = await sidOf(stage, await onlySession(stage))
        expect((await control.backchannelLogout({ sid })).status).toBe(200)
        await expectSignedOut(stage, agent)
        await agent.open(`${stage.url}/sign-in`)
        await expectSignedIn(stage, agent)
      },
    }),
  ),
  ...([false, true] as const).map(
    (dropOld): Fault => ({
      fault: `Logto's keys rotated, the old one ${dropOld ? 'gone at once' : 'kept'}`,
      holds: 'sessions go on, and sign-in, renewal and logout work with the new one',
      alone: true,
      async run(stage) {
        const { control } = stage.sandbox
        const early = await stage.signedIn()
        await control.rotateKeys({ dropOld })
        await expectSignedIn(stage, early)
        const sid = await sidOf(stage, await onlySession(stage))
        expect((await control.backchannelLogout({ sid })).status).toBe(200)
        const agent = await staleAgent(stage)
        await control.rotateKeys({ dropOld })
        const before = renewals(stage)
        await expectSignedIn(stage, agent)
        expect(renewals(stage)).toBe(before + 1)
      },
    }),
  ),
  {
    fault: 'keys rotated between /sign-in and a logout at once after',
    holds: 'the logout token, signed with a key that was never seen, counts',
    alone: true,
    async run(stage) {
      const { control } = stage.sandbox
      const agent = await stage.signedIn()
      const sid = await sidOf(stage, await onlySession(stage))
      await control.rotateKeys({ dropOld: true })
      expect((await control.backchannelLogout({ sid })).status).toBe(200)
      await expectSignedOut(stage, agent)
    },
  },
]
