import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openPlace, type Place, removeCompany, writeCompany } from '../../src/companies/index.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { keyPrefix } from '../../src/settings/values/app-tag.ts'
import { companyOf } from './companies.ts'
import { expectSignedIn, expectSignedOut, type Fault, isSignedIn } from './fault.ts'
import type { Stage } from './stage.ts'

const coming = {
  ...{ id: 'coming', name: 'Coming', issuer: 'https://coming.okta.test', domains: ['coming.example'] },
  organizationId: 'org-coming',
}
/** What every process has to know within, in milliseconds. */
const within = { timeout: 5000 }

/** Where companies live without Redis, for this run of the tests. */
const file = join(tmpdir(), `coming-companies-${process.pid}.json`)

/** The connectors that people with an address of a domain are led to, asked of every process several times. */
async function waysOf(stage: Stage, domain: string): Promise<Array<string | null>> {
  const ways = new Set<string | null>()
  for (let asked = 0; asked < 3 * stage.processes.length; asked++) {
    const answer = await fetch(`${stage.url}/sign-in?login_hint=a@${domain}`, { redirect: 'manual' })
    expect(answer.status).toBe(303)
    ways.add(new URL(answer.headers.get('location') ?? '').searchParams.get('direct_sign_in'))
  }
  return [...ways]
}

/** Asks for pages and sign-ins all the while that something happens; every one of them has to be answered. */
async function underRequests(stage: Stage, work: () => Promise<void>): Promise<void> {
  const load = { isOn: true, answered: 0, others: [] as unknown[] }
  const paths = ['/', '/sign-in?login_hint=employee@acme.example', '/sign-in?login_hint=a@other.example']
  const askers = paths.map(async (path) => {
    while (load.isOn) {
      const answer = await fetch(stage.url + path, { redirect: 'manual' }).catch((error) => error)
      if (answer.status === 200 || answer.status === 303) load.answered++
      else load.others.push(answer.status ?? String(answer))
      await answer.arrayBuffer?.()
    }
  })
  try {
    await work()
  } finally {
    load.isOn = false
    await Promise.all(askers)
  }
  expect(load.others).toEqual([])
  expect(load.answered).toBeGreaterThan(0)
}

/** A company comes and is changed. */
async function comesAndChanges(stage: Stage, place: Place): Promise<void> {
  await writeCompany(place, coming)
  await expect.poll(() => waysOf(stage, 'coming.example'), within).toEqual(['sso:coming'])
  await writeCompany(place, { ...coming, domains: ['changed.example'] })
  await expect.poll(() => waysOf(stage, 'changed.example'), within).toEqual(['sso:coming'])
  await expect.poll(() => waysOf(stage, 'coming.example'), within).toEqual([null])
}

/** How many processes have written a line about companies that has this in it. */
const told = ({ processes }: Stage, word: string) =>
  processes.filter(({ logs }) => logs.some(({ msg }) => String(msg).includes(word))).length

const everyone = ({ processes }: Stage) => processes.length

/** Companies that come, change and go while whole processes answer requests. */
export const comingCompanyFaults: Fault[] = [
  {
    fault: 'companies written, broken behind our back and taken away in Redis, under requests',
    holds: 'every process knows within 5 seconds, none is restarted, and no request is lost',
    settings: { RATE_LIMIT: '0' },
    alone: true,
    async run(stage) {
      const place = await openPlace(loadConfig({ BASE_URL: stage.url, REDIS_URL: stage.redis.url }))
      const key = `${keyPrefix({ baseUrl: stage.url })}records:company`
      const [agent, acme] = [await stage.signedIn(), companyOf(stage)]
      await underRequests(stage, async () => {
        await comesAndChanges(stage, place)
        await expectSignedIn(stage, agent)

        await stage.redis.command(
          'HSET',
          key,
          '#',
          'by-hand',
          'c8',
          'no JSON',
          'c9',
          '{"record":{"company":7}}',
        )
        await expect.poll(() => told(stage, 'passed over'), within).toBe(everyone(stage))
        expect(await waysOf(stage, 'changed.example')).toEqual(['sso:coming'])
        await stage.redis.command('DEL', key)
        await stage.redis.command('SET', key, 'something else')
        await expect.poll(() => told(stage, 'cannot be looked up'), within).toBe(everyone(stage))
        expect(await waysOf(stage, 'changed.example')).toEqual(['sso:coming'])
        await stage.redis.command('DEL', key)
        await expect.poll(() => place.version('company'), within).toBeDefined()
        await expectSignedIn(stage, agent)

        await removeCompany(place, acme.id)
        await expect.poll(() => isSignedIn(stage, agent), within).toBe(false)
        for (const _process of stage.processes) await expectSignedOut(stage, agent)
        await expect.poll(() => waysOf(stage, 'acme.example'), within).toEqual([null])
      })
      await place.close()
    },
  },
  {
    fault: 'companies written, and their file overwritten by an editor, under requests, without Redis',
    holds: 'every process knows within 5 seconds, and goes on with what it knows while the file is broken',
    settings: { RATE_LIMIT: '0', SESSION_STORE: 'memory', COMPANIES_FILE: file },
    alone: true,
    async run(stage) {
      const place = await openPlace(loadConfig({ BASE_URL: stage.url, COMPANIES_FILE: file }))
      await underRequests(stage, async () => {
        await comesAndChanges(stage, place)
        writeFileSync(file, 'half a fi')
        await expect.poll(() => told(stage, 'cannot be looked up'), within).toBe(everyone(stage))
        expect(await waysOf(stage, 'changed.example')).toEqual(['sso:coming'])
        rmSync(file)
        await writeCompany(place, coming)
        await expect.poll(() => waysOf(stage, 'coming.example'), within).toEqual(['sso:coming'])
        await removeCompany(place, coming.id)
        await expect.poll(() => waysOf(stage, 'coming.example'), within).toEqual([null])
      })
      rmSync(file)
    },
  },
]
