import { expect } from 'vitest'
import { expectSignedIn, type Fault } from './fault.ts'
import type { Stage } from './stage.ts'

const rss = ({ processes }: Stage) =>
  Promise.all(
    processes.map(async ({ child }) => {
      const { readFile } = await import('node:fs/promises')
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024
    }),
  )

/** People and programs who mean no good, or are just too many. */
export const strangerFaults: Fault[] = [
  {
    fault: 'a storm of 10,000 anonymous /sign-in',
    holds: 'no session is stored, Redis holds no more than it did, and memory stays bounded',
    settings: { RATE_LIMIT: '0' },
    alone: true,
    async run(stage) {
      const agent = await stage.signedIn()
      const keys = (await stage.redis.keys()).length
      const ask = async (count: number) => {
        for (let done = 0; done < count; done += 50) {
          const answers = await Promise.all(
            Array.from({ length: 50 }, async (_, at) => {
              const port = stage.processes[at % 2]?.port
              const answer = await fetch(`http://localhost:${port}/sign-in?host_checked=1`, {
                redirect: 'manual',
              })
              await answer.arrayBuffer()
              return answer.status
            }),
          )
          expect(new Set(answers)).toEqual(new Set([303]))
        }
      }
      await ask(2000)
      const before = await rss(stage)
      await ask(8000)
      const after = await rss(stage)
      for (const [at, bytes] of after.entries()) expect(bytes - (before[at] ?? 0)).toBeLessThan(64 * 2 ** 20)
      expect((await stage.redis.keys()).length).toBeLessThanOrEqual(keys)
      await expectSignedIn(stage, agent)
    },
  },
]
