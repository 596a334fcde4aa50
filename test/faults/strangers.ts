import { connect } from 'node:net'
import { expect } from 'vitest'
import { UserAgent } from '../support/user-agent.ts'
import { expectSignedIn, type Fault, visit } from './fault.ts'
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
  {
    fault: 'more requests to /sign-in than the limit, over two processes',
    holds: 'together they count, the answer is a page with Retry-After, and signed-in people notice nothing',
    settings: { RATE_LIMIT: '20' },
    async run(stage) {
      const agent = await stage.signedIn()
      const stranger = new UserAgent()
      let answer = await visit(stranger, `${stage.url}/sign-in`)
      for (let count = 0; count < 25 && answer.status !== 429; count++) {
        answer = await visit(new UserAgent(), `${stage.url}/sign-in`)
      }
      expect(answer.status).toBe(429)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(answer.text).toMatch(/Reference <code>/)
      await expectSignedIn(stage, agent)
    },
  },
  {
    fault: 'a visitor who leaves in the middle of a request',
    holds: 'the process goes on',
    async run(stage) {
      const agent = await stage.signedIn()
      for (const { port } of stage.processes) {
        const socket = connect(port, '127.0.0.1')
        socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
        socket.resetAndDestroy()
      }
      await expectSignedIn(stage, agent, agent)
    },
  },
  {
    fault: 'a forged X-Forwarded-For and X-Forwarded-Host',
    holds: 'no address of ours changes',
    async run(stage) {
      const answer = await visit(new UserAgent(), `${stage.url}/profile`, {
        headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', accept: 'text/html' },
      })
      expect(answer.headers.get('location')).toMatch(new RegExp(`^${stage.url}/sign-in\\?`))
    },
  },
]
