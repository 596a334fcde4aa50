import { expect } from 'vitest'
import { expectSignedIn, type Fault, onlySession, sidOf } from './fault.ts'

/** Logto says that somebody is logged out, to one process and then to both. */
export const logoutFaults: Fault[] = [
  {
    fault: 'a logout token replayed to the other process, after a new sign-in',
    holds: 'it is refused, and the new session goes on',
    async run(stage) {
      const { control } = stage.sandbox
      const agent = await stage.signedIn()
      const token = await control.logoutToken({ sid: await sidOf(stage, await onlySession(stage)) })
      expect((await control.sendLogoutToken(token)).status).toBe(200)
      await agent.open(`${stage.url}/sign-in`)
      await expectSignedIn(stage, agent)
      for (const { port } of stage.processes) {
        const answer = await fetch(`http://localhost:${port}/backchannel-logout`, {
          method: 'POST',
          body: new URLSearchParams({ logout_token: token }),
        })
        expect(answer.status).toBe(400)
        expect(answer.headers.get('cache-control')).toContain('no-store')
        expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
      }
      await expectSignedIn(stage, agent)
    },
  },
]
