import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  CompaniesError,
  editRecords,
  LiveCompanies,
  openPlace,
  type Place,
  readCompanies,
  readRecords,
  removeCompany,
  watchCompanies,
  writeCompany,
} from '../../src/companies/index.ts'
import type { EnterpriseConnector } from '../../src/settings/companies/connector.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { type RedisServer, startRedis, withoutRedis } from '../support/redis-server.ts'

const acme = { id: 'c1', name: 'Acme', issuer: 'https://acme.okta.test', domains: ['acme.test'] }
const globex = {
  ...{ id: 'c2', name: 'Globex', issuer: 'https://login.globex.test/v2.0', domains: ['globex.test'] },
  ...({ provider: 'AzureAdOidc', organizationId: 'org2' } as const),
}
const hooli = { id: 'c3', name: 'Hooli', domains: ['hooli.test'], provider: 'GoogleWorkspace' } as const
const umbrella = { ...hooli, id: 'c4', name: 'Umbrella', domains: ['umbrella.test'] }

const idsOf = (list: readonly EnterpriseConnector[]) => list.map(({ id }) => id).sort()

let redis: RedisServer
let folder: string
beforeAll(async () => {
  if (!withoutRedis) redis = await startRedis()
})
afterAll(() => redis?.close())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'companies-'))
  if (!withoutRedis) await redis.flush()
})
afterEach(() => rmSync(folder, { recursive: true }))

/** How often a test has a process look. */
const often = { every: 20 }

const file = () => join(folder, '.companies.json')
const settingsOf = { file: () => ({ COMPANIES_FILE: file() }), Redis: () => ({ REDIS_URL: redis.url }) }

describe.each(['file', 'Redis'] as const)('companies in a %s', (where) => {
  describe.skipIf(where === 'Redis' && withoutRedis)('of an app', () => {
    const opened: Place[] = []
    async function open(settings: Record<string, string> = {}): Promise<Place> {
      const place = await openPlace(loadConfig({ ...settingsOf[where](), ...settings }))
      opened.push(place)
      return place
    }
    afterEach(async () => {
      for (const place of opened.splice(0)) await place.close()
    })

    it('company, written, is there for another process, and a change takes its place', async () => {
      const [one, other] = [await open(), await open()]
      expect((await readCompanies(one)).companies).toEqual([])
      await writeCompany(one, acme)
      await writeCompany(one, { ...globex, domains: ['GLOBEX.test'] })
      expect((await readCompanies(other)).companies).toEqual([
        { ...acme, slug: 'acme' },
        { ...globex, slug: 'globex' },
      ])
      const before = await other.version('company')
      await writeCompany(other, { ...acme, domains: ['acme.test', 'acme.example'] })
      expect(await one.version('company')).not.toBe(before)
      expect((await readCompanies(one)).companies[0]?.domains).toEqual(['acme.test', 'acme.example'])
    })

    it('companies, those with Google, share its issuer and nothing else', async () => {
      const place = await open()
      await writeCompany(place, hooli)
      const written = await writeCompany(place, umbrella)
      expect(written.issuer).toBe('https://accounts.google.com')
      expect(idsOf((await readCompanies(place)).companies)).toEqual(['c3', 'c4'])
    })

    it.each([
      ['an issuer that is none', { ...acme, issuer: 'acme.okta.test' }, 'its issuer'],
      ['an issuer that is not Google’s', { ...hooli, issuer: acme.issuer }, 'its issuer'],
      ['a domain of everybody', { ...acme, domains: ['gmail.com'] }, 'one of its domains'],
      ['an organization’s ID with a blank', { ...acme, organizationId: 'a b' }, 'its organizationId'],
      ['a provider that nobody knows', { ...acme, provider: 'Onelogin' }, 'its provider'],
      ['a domain of another company', { ...acme, domains: ['globex.test'] }, 'the domain globex.test'],
      [
        'a domain of a company of the settings',
        { ...acme, domains: ['fixed.test'] },
        'the domain fixed.test',
      ],
      ['the link of another company', { ...acme, name: 'GLOBEX' }, '/sign-in/globex'],
    ])('company, with %s, is refused when it is written, and nothing changes', async (_what, wrong, said) => {
      const place = await open()
      await writeCompany(place, globex)
      const before = await place.version('company')
      const fixed = { ...acme, id: 'c9', name: 'Fixed', issuer: 'https://fixed.test', slug: 'fixed' }
      const others = [{ ...fixed, domains: ['fixed.test'] }]
      const error = await writeCompany(place, wrong as typeof acme, others).catch((refused) => refused)
      expect(error).toBeInstanceOf(CompaniesError)
      expect(error.message).toContain(said)
      expect(error.fix).not.toBe('')
      expect(await place.version('company')).toBe(before)
    })

    it('companies, that many write at the same time, are all there', async () => {
      const places = await Promise.all(Array.from({ length: 4 }, () => open()))
      const writes = Array.from({ length: 12 }, (_, at) =>
        writeCompany(places[at % 4] as Place, {
          ...{ id: `c${at}`, name: `Company ${at}`, issuer: `https://c${at}.test`, domains: [`c${at}.test`] },
        }),
      )
      await Promise.all(writes)
      expect((await readCompanies(await open())).companies).toHaveLength(12)
    })

    it('company, of which two writers say that it is theirs, is the first one’s', async () => {
      const places = [await open(), await open()]
      const writes = await Promise.allSettled(
        places.map((place, at) => writeCompany(place, { ...acme, id: `c${at}`, name: `Company ${at}` })),
      )
      expect(writes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    })

    it('record, changed by two at once, is changed by one after the other', async () => {
      const places = [await open(), await open()]
      const count = (place: Place) =>
        editRecords(place, 'invitation', ({ get, put }) => {
          const { used } = (get('i1') ?? { used: 0 }) as { used: number }
          put('i1', { used: used + 1 })
          return used
        })
      const seen = await Promise.all([...places, ...places, ...places].map(count))
      expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5])
      expect((await readRecords(places[0] as Place, 'invitation')).records.get('i1')).toEqual({ used: 6 })
    })

    it('record, past its time, is not there, and leaves its place with the next change', async () => {
      const place = await open()
      await editRecords(place, 'invitation', ({ put }) => {
        put('over', { a: 1 }, Date.now() - 1)
        put('here', { a: 2 }, Date.now() + 60_000)
      })
      expect([...(await readRecords(place, 'invitation')).records.keys()]).toEqual(['here'])
      await editRecords(place, 'invitation', ({ remove }) => remove('here'))
      expect((await place.read('invitation')).texts.size).toBe(0)
      expect((await readCompanies(place)).companies).toEqual([])
    })

    it('work, that raises, changes nothing', async () => {
      const place = await open()
      const work = editRecords(place, 'invitation', ({ put }) => {
        put('i1', {})
        throw new Error('no')
      })
      await expect(work).rejects.toThrow('no')
      expect(await place.version('invitation')).toBeUndefined()
    })

    it('entries, broken ones, are passed over with one line, and the others are there', async () => {
      const place = await open()
      await writeCompany(place, acme)
      const put = new Map([
        ['c5', 'no JSON'],
        ['c6', JSON.stringify({ record: { company: { ...globex, id: 'another' } } })],
        ['c7', JSON.stringify({ record: { company: { ...globex, id: 'c7', domains: ['acme.test'] } } })],
      ])
      await place.write('company', await place.version('company'), { version: 'v', put, dropped: [] })
      const logger = { info: vi.fn(), warn: vi.fn() }
      const companies = new LiveCompanies([])
      const [version, changed] = [vi.fn(place.version), vi.fn()]
      const stop = await watchCompanies(companies, { ...place, version }, logger, { ...often, changed })
      expect(idsOf(companies.all())).toEqual(['c1'])
      await expect.poll(() => version.mock.calls.length).toBeGreaterThan(3)
      expect(changed).toHaveBeenCalledTimes(1)
      // Nor with another one when something else changes.
      await writeCompany(place, { ...globex, id: 'c8' })
      await expect.poll(() => companies.size).toBe(2)
      expect(logger.warn).toHaveBeenCalledTimes(1)
      expect(logger.warn.mock.calls[0]?.[0].companies).toHaveLength(3)
      stop()
    })

    it('companies, that come, change and go, are known to a process that watches', async () => {
      const fixed = { ...acme, id: 'c9', name: 'Fixed', issuer: 'https://fixed.test', slug: 'fixed' }
      const companies = new LiveCompanies([{ ...fixed, domains: ['fixed.test', 'globex.test'] }])
      const place = await open()
      const stop = await watchCompanies(companies, await open(), { info: vi.fn(), warn: vi.fn() }, often)
      expect(companies.byDomain('globex.test')?.id).toBe('c9')
      await writeCompany(place, globex)
      await expect.poll(() => companies.byDomain('globex.test')?.id).toBe('c2')
      // What the settings say beside it stays.
      expect(companies.byDomain('fixed.test')?.id).toBe('c9')
      await writeCompany(place, { ...fixed, domains: ['new.test'] }, [{ ...fixed, domains: ['fixed.test'] }])
      await expect.poll(() => companies.byDomain('new.test')?.id).toBe('c9')
      expect(companies.byDomain('fixed.test')).toBeUndefined()
      await removeCompany(place, 'c9')
      await expect.poll(() => companies.size).toBe(1)
      expect(companies.removedAt('c9')).toBeGreaterThan(0)
      // One that comes back is there, and what was ended stays so.
      const since = companies.removedAt('c9')
      await writeCompany(place, fixed)
      await expect.poll(() => companies.byId('c9')?.name).toBe('Fixed')
      expect(companies.removedAt('c9')).toBe(since)
      stop()
    })

    it('place, of another app, is another one', async () => {
      if (where === 'file') return
      await writeCompany(await open(), acme)
      const other = await open({ BASE_URL: 'http://localhost:4321' })
      expect((await readCompanies(other)).companies).toEqual([])
    })
  })
})

describe('a file of companies', () => {
  const place = () => openPlace(loadConfig({ COMPANIES_FILE: file() }))

  it('file, written, is for its owner alone, and nothing else is left', async () => {
    await writeCompany(await place(), acme)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['.companies.json'])
  })

  it('file, that is none of ours, is said to be so and stays', async () => {
    writeFileSync(file(), 'SSO_CONNECTORS=')
    const error = await writeCompany(await place(), acme).catch((refused) => refused)
    expect(error).toBeInstanceOf(CompaniesError)
    expect(readdirSync(folder)).toEqual(['.companies.json'])
  })

  it('file, that an interrupted writer has left locked, is not written, and it is said what to delete', async () => {
    writeFileSync(`${file()}.lock`, '')
    const error = await writeCompany(await place(), acme).catch((refused) => refused)
    expect(error).toBeInstanceOf(CompaniesError)
    expect(error.message).toContain(`${file()}.lock`)
    expect((await readCompanies(await place())).companies).toEqual([])
  })
})

describe.skipIf(withoutRedis)('companies in a Redis that goes away', () => {
  it('Redis, gone, leaves a process what it knows; and back without its data, is given them again', async () => {
    const place = await openPlace(loadConfig({ REDIS_URL: redis.url }))
    await writeCompany(place, acme)
    const companies = new LiveCompanies([])
    const logger = { info: vi.fn(), warn: vi.fn() }
    const run: Place['version'] = (kind) => (isAway ? Promise.reject(new Error('away')) : place.version(kind))
    let isAway = false
    const stop = await watchCompanies(companies, { ...place, version: run }, logger, often)
    isAway = true
    await expect.poll(() => logger.warn.mock.calls.length).toBe(1)
    expect(companies.size).toBe(1)
    await redis.flush()
    isAway = false
    await expect.poll(async () => idsOf((await readCompanies(place)).companies)).toEqual(['c1'])
    expect(companies.size).toBe(1)
    stop()
    await place.close()
  })

  it('command, without Redis, says where it is and what to do', async () => {
    const config = loadConfig({ REDIS_URL: 'redis://:hush@127.0.0.1:1/3' })
    const error = await openPlace(config).catch((refused) => refused)
    expect(error).toBeInstanceOf(CompaniesError)
    expect(error.message).toContain('127.0.0.1:1/3')
    expect(error.message).not.toContain('hush')
  })
})
