import { setTimeout as pause } from 'node:timers/promises'
import { setStage } from '../faults/stage.ts'
import { withoutRedis } from '../support/redis-server.ts'
import type { UserAgent } from '../support/user-agent.ts'

/** How often a process is told to stop and started again. Bounded, whatever is asked for. */
const restarts = Math.min(Number(process.argv[2] ?? 50), 500)
const visitors = Math.min(Number(process.argv[3] ?? 16), 100)
/** How often the balancer asks each process whether to send it requests, in milliseconds. */
const probing = 100
/** How long one may take to say so, in milliseconds: the time of the drain is there to learn it in. */
const probeLimit = 1000

if (withoutRedis) throw new Error('npm run restarts needs redis-server')
// Redis stays up: a busy disk shall not pass for a process that loses requests.
const stage = await setStage({ RATE_LIMIT: '0', DRAIN_SECONDS: '5' }, { durable: false })
const { url, balancer } = stage
const ports = [...balancer.targets]
const counts = { answered: 0, lost: [] as string[] }
const started = Date.now()
let restarted = 0
let isOver = false

function lose(what: string): void {
  counts.lost.push(what)
  const at = ((Date.now() - started) / 1000).toFixed(1)
  process.stderr.write(`${at} s, restart ${restarted}, sent to ${balancer.targets}: lost ${what}\n`)
}

/** Goes by `/readyz`, as the README says that a balancer should. */
async function probe(): Promise<void> {
  const isReady = (port: number) =>
    fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(probeLimit) }).then(
      async ({ ok, body }) => {
        await body?.cancel()
        return ok
      },
      () => false,
    )
  while (!isOver) {
    const ready = await Promise.all(ports.map(isReady))
    const targets = ports.filter((_, index) => ready[index])
    // With none left, balancers go on with what they had.
    if (targets.length > 0) balancer.targets.splice(0, ports.length, ...targets)
    await pause(probing)
  }
}

/** A page, and a form that must not be sent twice, again and again. */
async function visit(agent: UserAgent): Promise<void> {
  const requests: [string, RequestInit, number][] = [
    ['/profile', {}, 200],
    ['/sso/language?to=en', { method: 'POST', headers: { origin: url } }, 303],
  ]
  while (!isOver) {
    for (const [path, init, expected] of requests) {
      const outcome = await agent.request(url + path, init).then(
        async (response) => {
          const text = await response.text()
          return response.status < 500 ? response.status : `${response.status} ${text.slice(0, 80)}`
        },
        (error) => String(error.cause ?? error),
      )
      if (outcome === expected) counts.answered++
      else lose(`${init.method ?? 'GET'} ${path}: ${outcome}`)
      await pause(5)
    }
  }
}

try {
  const agents: UserAgent[] = []
  while (agents.length < visitors) agents.push(await stage.signedIn())
  const working = [probe(), ...agents.map(visit)]
  for (; restarted < restarts; restarted++) {
    const index = restarted % ports.length
    await stage.processes[index]?.kill('SIGTERM')
    await stage.restart(index)
    process.stderr.write(
      `restart ${restarted + 1}: ${counts.answered} answered, ${counts.lost.length} lost\n`,
    )
    while (!balancer.targets.includes(ports[index] ?? 0)) await pause(probing)
  }
  isOver = true
  await Promise.all(working)
  const { answered, lost } = counts
  process.stdout.write(
    `${restarts} restarts of two processes, ${visitors} visitors\n` +
      `${String(answered).padStart(8)}  requests answered\n` +
      `${String(balancer.repeated()).padStart(8)}  sent again, since a kept connection was gone\n` +
      `${String(lost.length).padStart(8)}  lost\n${lost
        .slice(0, 5)
        .map((line) => `          ${line}\n`)
        .join('')}`,
  )
  process.exitCode = lost.length + balancer.repeated() > 0 ? 1 : 0
} finally {
  isOver = true
  await stage.close()
}
