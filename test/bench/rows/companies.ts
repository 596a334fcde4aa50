import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import {
  type Companies,
  editRecords,
  filePlace,
  LiveCompanies,
  watchCompanies,
} from '../../../src/companies/index.ts'
import { slugOf } from '../../../src/settings/companies/connector.ts'
import { startSignIn, testApp } from '../../support/app.ts'
import type { Line } from '../report/result.ts'
import { ratioOf, spreadOf } from '../report/statistics.ts'
import type { Survey } from './row.ts'

const many = 1000
const silent = { info() {}, warn() {} }
/** Sign-ins of a round. */
const signIns = 200

const companyOf = (at: number) => {
  const entry = { id: `connector-${at}`, name: `Company ${at}`, issuer: `https://company-${at}.okta.test` }
  return { ...entry, domains: [`company-${at}.test`], slug: slugOf(entry) }
}

/** What a thousand companies cost a process that has one: when it starts, and at each sign-in. */
export const companiesRow: Survey = {
  id: 'companies',
  path: '1,000 companies in place of one',
  async measure({ amounts }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-companies-'))
    const place = filePlace(join(folder, '.companies.json'))
    await editRecords(place, 'company', ({ put }) => {
      for (let at = 0; at < many; at++) {
        const { slug: _, ...company } = companyOf(at)
        put(company.id, { company })
      }
    })
    const loads: number[] = []
    let companies = new LiveCompanies([])
    for (let round = 0; round < amounts.rounds; round++) {
      const since = performance.now()
      companies = new LiveCompanies([])
      const stop = await watchCompanies(companies, filePlace(place.name), silent)
      loads.push(performance.now() - since)
      stop()
    }
    rmSync(folder, { recursive: true })
    const apps = [new LiveCompanies([companyOf(many - 1)]), companies].map(signer)
    const times: number[][] = [[], []]
    for (const sign of apps) await sign() // compiled by then
    for (let round = 0; round < amounts.rounds; round++) {
      for (const [at, sign] of apps.entries()) times[at]?.push(await sign())
    }
    const [one = [], all = []] = times
    return [
      // A tenth of what a start takes.
      { what: 'read at the start', unit: 'ms', value: spreadOf(loads), reach: { atMost: 50 } },
      { what: '`/sign-in` with one company', unit: 'ms', value: spreadOf(one) },
      {
        ...{ what: '`/sign-in` with all of them', unit: 'ms', value: spreadOf(all) },
        ...{ ratio: ratioOf(all, one), reach: { atMost: 1.1 } },
      },
    ] satisfies Line[]
  },
}

/** @returns a function that gives the milliseconds that some sign-ins take, straight to the last company */
function signer(companies: Companies): () => Promise<number> {
  const test = testApp({ companies, settings: { RATE_LIMIT: '0' } })
  const path = `/sign-in?login_hint=${encodeURIComponent(`a@company-${many - 1}.test`)}`
  return async () => {
    const since = performance.now()
    for (let count = 0; count < signIns; count++) {
      const to = await startSignIn(test.browser(), path)
      if (to.get('direct_sign_in') !== `sso:connector-${many - 1}`) throw new Error('it leads elsewhere')
    }
    return performance.now() - since
  }
}
