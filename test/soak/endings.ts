import { setTimeout as pause } from 'node:timers/promises'
import { deliver, employee, event, universalLogout } from '../faults/companies.ts'
import { email, endByPerson, expectSignedOut, onlySession, rowOf, sidOf } from '../faults/fault.ts'
import { type Stage, setStage } from '../faults/stage.ts'
import { withoutRedis } from '../support/redis-server.ts'
import type { UserAgent } from '../support/user-agent.ts'

/** How often each is tried; the worst counts. */
const rounds = Math.min(Number(process.argv[2] ?? 20), 200)
/** Only what is called so is tried, where it is said. */
const only = process.argv[3]

if (withoutRedis) throw new Error('npm run endings needs redis-server')

/** From the moment something ends a session until both processes take its browsers for strangers, in milliseconds. */
async function until(stage: Stage, agents: UserAgent[], end: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await end()
  for (const _process of stage.processes) await expectSignedOut(stage, ...agents)
  return performance.now() - start
}

/** By how much a session outlives a limit that has come, in milliseconds. */
async function lateness(settings: Record<string, string>, limit: number): Promise<number> {
  const stage = await setStage(settings)
  try {
    await stage.signedIn()
    const { startedAt, endsAt } = (await rowOf(stage, await onlySession(stage))) ?? {}
    const due = 'SESSION_ABSOLUTE_SECONDS' in settings ? Number(endsAt) : Number(startedAt) + limit
    while ((await stage.sessions()).length > 0) await pause(5)
    return Date.now() - due
  } finally {
    await stage.close()
  }
}

const stage = await setStage({ RATE_LIMIT: '0' })
const { control } = stage.sandbox
const ways: Record<string, () => Promise<number>> = {
  'sign-out here': async () => {
    const agent = await stage.signedIn()
    return until(stage, [agent], () => agent.request(`${stage.url}/sign-out`))
  },
  'back-channel logout by `sid`': async () => {
    const agent = await stage.signedIn()
    const sid = await sidOf(stage, await onlySession(stage))
    return until(stage, [agent], () => control.backchannelLogout({ sid }))
  },
  'back-channel logout by `sub`, five browsers': async () => {
    const agents = await Promise.all(Array.from({ length: 5 }, () => stage.signedIn()))
    return until(stage, agents, () => endByPerson(stage))
  },
  'webhook: suspended, five browsers': async () => {
    const agents = await Promise.all(Array.from({ length: 5 }, () => stage.signedIn()))
    const time = await until(stage, agents, () => control.suspend(email))
    await control.unsuspend(email)
    return time
  },
  'webhook: deleted, five browsers': async () => {
    const agents = await Promise.all(Array.from({ length: 5 }, () => stage.signedIn()))
    return until(stage, agents, () => control.delete(email))
  },
  'event hook of Okta: deactivated, five browsers': async () => {
    const agents = await Promise.all(Array.from({ length: 5 }, () => stage.signedIn()))
    return until(stage, agents, () => deliver(stage, [event(employee(stage).id)]))
  },
  'Universal Logout of Okta, five browsers': async () => {
    const agents = await Promise.all(Array.from({ length: 5 }, () => stage.signedIn()))
    return until(stage, agents, () => universalLogout(stage))
  },
  'refused refresh, once the access token has run out': async () => {
    control.shortenTokens(1)
    const agent = await stage.signedIn()
    const { freshUntil } = (await rowOf(stage, await onlySession(stage))) ?? {}
    await pause(Number(freshUntil) - Date.now())
    control.refuseRefresh()
    const time = await until(stage, [agent], async () => undefined)
    control.clearFaults()
    return time
  },
}

try {
  for (const [what, measure] of Object.entries(ways).filter(([name]) => !only || name.includes(only))) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      times.push(await measure())
      await stage.redis.flush()
    }
    print(what, times)
  }
  if (!only) print('idle limit, late by', [await lateness({ SESSION_IDLE_SECONDS: '2' }, 2000)])
  if (!only) print('absolute limit, late by', [await lateness({ SESSION_ABSOLUTE_SECONDS: '2' }, 2000)])
} finally {
  await stage.close()
}

function print(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  process.stdout.write(`| ${what} | ${median.toFixed(0)} ms | ${(sorted.at(-1) ?? 0).toFixed(0)} ms |\n`)
}
