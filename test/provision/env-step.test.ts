import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { printPlan } from '../../src/cli/terminal/print-plan.ts'
import type { Desired } from '../../src/provision/desired.ts'
import { planEnvFile } from '../../src/provision/env/env-step.ts'
import type { Wired } from '../../src/provision/wired.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-step-'))
  path = join(folder, '.env')
})
afterEach(() => rmSync(folder, { recursive: true }))

const DEFAULT_URL = 'http://localhost:3000'
const desired = (baseUrl = DEFAULT_URL): Desired => ({
  baseUrl,
  appName: 'Our app',
  logto: {
    ...{ endpoint: 'https://t.logto.app', managementApi: 'https://t.logto.app/api' },
    ...{ appId: 'm', appSecret: 's' },
  },
  application: { id: undefined, secret: undefined },
  connector: { name: 'Acme', domains: ['acme.test'], scopes: [] },
  companyHookKey: 'a key of thirty-two characters or so',
  ...{ issuer: undefined, okta: undefined, group: 'Everyone', byHand: undefined },
  ...{ apiResource: undefined, apiPermissions: [], offlineAccess: true, webhooks: true, takeOver: false },
})
const WIRED: Wired = { applicationId: 'the-id', appSecret: 'the-secret', webhookSigningKey: 'the-key' }

/** The step for a file of this text. */
function stepFor(text: string, wired = WIRED, wanted = desired()) {
  writeFileSync(path, text)
  return planEnvFile(path, {}, wanted, wired)
}

/** What the file sets. */
const settings = () => parse(readFileSync(path, 'utf8'))

/** What the file sets after a run with these settings in it. */
async function written(text: string, { baseUrl = DEFAULT_URL, env = {}, wired = WIRED } = {}) {
  if (text) writeFileSync(path, text)
  const step = await planEnvFile(path, env, desired(baseUrl), wired)
  await step.apply()
  return settings()
}

const COMPLETE = `LOGTO_ENDPOINT=https://t.logto.app
LOGTO_APP_ID=the-id
LOGTO_APP_SECRET=the-secret
LOGTO_WEBHOOK_SIGNING_KEY=the-key
COMPANY_HOOK_KEY=a key of thirty-two characters or so
SESSION_SECRET=ours
`

describe('the file of settings', () => {
  it('file, not there, gets what the app needs and nothing else', async () => {
    const values = await written('')
    expect(values).toEqual({
      LOGTO_ENDPOINT: 'https://t.logto.app',
      LOGTO_APP_ID: 'the-id',
      LOGTO_APP_SECRET: 'the-secret',
      LOGTO_WEBHOOK_SIGNING_KEY: 'the-key',
      COMPANY_HOOK_KEY: desired().companyHookKey,
      SESSION_SECRET: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('file, complete already, is left', async () => {
    const step = await stepFor(COMPLETE)
    expect(step).toMatchObject({ action: 'leave', changes: [], notes: [] })
  })

  it('session secret, made once, is never replaced and never the same for two', async () => {
    const first = await written('')
    const second = await written(readFileSync(path, 'utf8'), { wired: { ...WIRED, appSecret: 'another' } })
    expect(second).toEqual({ ...first, LOGTO_APP_SECRET: 'another' })
    rmSync(path)
    expect((await written('')).SESSION_SECRET).not.toBe(first.SESSION_SECRET)
    expect((await written('SESSION_SECRET=short\n')).SESSION_SECRET).toBe('short')
    expect((await written('SESSION_SECRET=\n')).SESSION_SECRET).toMatch(/^[0-9a-f]{64}$/)
  })

  it('session secret, in the environment, is not made', async () => {
    expect(await written('', { env: { SESSION_SECRET: 'theirs' } })).not.toHaveProperty('SESSION_SECRET')
  })

  it.each([
    ['the default', '', DEFAULT_URL, undefined],
    ['that of the port in the file', 'PORT=4000\n', 'http://localhost:4000', undefined],
    ['in the file already', 'BASE_URL=https://app.test\n', 'https://app.test', 'https://app.test'],
    ['in the file, otherwise spelt', 'BASE_URL=https://APP.test/\n', 'https://app.test', 'https://APP.test/'],
    ['another than the default', '', 'https://app.test', 'https://app.test'],
    ['another than in the file', 'BASE_URL=https://old.test\n', 'https://app.test', 'https://app.test'],
    ['the default and not that in the file', 'BASE_URL=https://old.test\n', DEFAULT_URL, DEFAULT_URL],
    ['not that of the port in the file', 'PORT=4000\n', DEFAULT_URL, DEFAULT_URL],
  ])('BASE_URL, %s, is written only when needed', async (_case, text, baseUrl, expected) => {
    expect((await written(text, { baseUrl })).BASE_URL).toBe(expected)
  })

  it('LOGTO_ENDPOINT, otherwise spelt, is left as it is written', async () => {
    const text = COMPLETE.replace('https://t.logto.app', 'https://T.logto.app/')
    expect(await stepFor(text)).toMatchObject({ action: 'leave' })
  })

  it('API_RESOURCE, said elsewhere, is written, and left where it stands already', async () => {
    const withApi = { ...desired(), apiResource: 'https://api.app.test', apiPermissions: ['read:reports'] }
    const step = await stepFor(COMPLETE, WIRED, withApi)
    expect(step.changes).toMatchObject([
      { field: { en: 'API_RESOURCE' }, from: undefined, to: 'https://api.app.test' },
      { field: { en: 'API_PERMISSIONS' }, from: undefined, to: 'read:reports' },
    ])
    await step.apply()
    expect(settings().API_RESOURCE).toBe('https://api.app.test')
    expect(await planEnvFile(path, {}, withApi, WIRED)).toMatchObject({ action: 'leave' })
    expect(await planEnvFile(path, {}, desired(), WIRED)).toMatchObject({ action: 'leave' })
  })

  it('plan, with old values, shows what changes and no secret', async () => {
    const old = 'LOGTO_APP_ID=old-id\nLOGTO_APP_SECRET=old-secret\nLOGTO_WEBHOOK_SIGNING_KEY=old-key\n'
    const text = printPlan([await stepFor(old)])
    expect(text).toContain('LOGTO_APP_ID: old-id → the-id')
    expect(text).toContain('LOGTO_APP_SECRET: (secret) → (secret)')
    expect(text).toContain('SESSION_SECRET: (secret)')
    expect(text).not.toMatch(/old-secret|old-key|the-secret|the-key|[0-9a-f]{64}/)
  })

  it('plan, before the application is there, promises what will be known then', async () => {
    const wired: Wired = {}
    const step = await planEnvFile(path, {}, desired(), wired)
    expect(step.action).toBe('create')
    expect(printPlan([step])).toContain('LOGTO_APP_ID: that of the new application')
    await expect(step.apply()).rejects.toThrow('appSecret is not known yet')
    expect(readdirSync(folder)).toEqual([])
    Object.assign(wired, WIRED)
    await step.apply()
    expect(settings()).toMatchObject({ LOGTO_APP_ID: 'the-id' })
  })

  it('environment, with other values, is noted to win', async () => {
    const env = {
      ...{ LOGTO_APP_ID: 'the-id', LOGTO_APP_SECRET: 'old-secret' },
      ...{ LOGTO_ENDPOINT: '', BASE_URL: 'https://x.test' },
    }
    const { notes } = await planEnvFile(path, env, desired('https://app.test'), WIRED)
    expect(notes.map(String)).toEqual([
      expect.stringContaining('BASE_URL is also set in the environment of this shell'),
      expect.stringContaining('LOGTO_APP_SECRET is also set in the environment of this shell'),
    ])
    expect(notes.join()).not.toMatch(/old-secret|the-secret/)
  })

  it('backup, of what was there, is told of', async () => {
    const step = await stepFor('A=1\n')
    expect(step.backup()).toBeUndefined()
    await step.apply()
    expect(readFileSync(step.backup() ?? '', 'utf8')).toBe('A=1\n')
  })

  it('path, not to be written, is refused while nothing is changed yet', async () => {
    await expect(planEnvFile(folder, {}, desired(), WIRED)).rejects.toThrow('EISDIR')
    await expect(planEnvFile('/dev/null', {}, desired(), WIRED)).rejects.toThrow('not a file')
    await expect(planEnvFile(join(path, 'x'), {}, desired(), WIRED)).rejects.toThrow('ENOENT')
  })
})

describe('the companies in the file', () => {
  const acme = { id: 'c1', name: 'Acme', issuer: 'https://acme.okta.test', domains: ['acme.test'] }
  const globex = { id: 'c2', name: 'Globex', issuer: 'https://globex.okta.test', domains: ['globex.test'] }
  const ACME: Wired = { ...WIRED, connectorId: 'c1', issuer: acme.issuer, domains: ['acme.test'] }
  const line = (...list: unknown[]) => `${COMPLETE}SSO_CONNECTORS='${JSON.stringify(list)}'\n`
  const listOf = ({ SSO_CONNECTORS = '[]' }: Record<string, string>) => JSON.parse(SSO_CONNECTORS)

  it('company, the first, is written', async () => {
    expect(listOf(await written(COMPLETE, { wired: ACME }))).toEqual([acme])
  })

  it('company, the second, joins the first, which stays as and where it is', async () => {
    expect(listOf(await written(line(globex), { wired: ACME }))).toEqual([globex, acme])
  })

  it('company, the 501st, stays out, with a note, since the app would not start with it', async () => {
    const others = Array.from({ length: 500 }, (_, at) => ({
      ...{ id: `o${at}`, name: `Other ${at}`, issuer: `https://o${at}.test`, domains: [`o${at}.test`] },
    }))
    const [first] = others
    const full = await stepFor(line(...others), ACME)
    expect(full).toMatchObject({
      action: 'leave',
      notes: [expect.objectContaining({ en: expect.stringContaining('SSO_CONNECTORS') })],
    })
    // One of the 500 takes its own place.
    const there = await planEnvFile(path, {}, desired(), { ...ACME, ...(first && { connectorId: first.id }) })
    await there.apply()
    expect(listOf(settings())[0]).toMatchObject({ id: 'o0', name: 'Acme' })
  })

  it('company, there already, otherwise spelt, is left to the letter', async () => {
    const text = `${COMPLETE}SSO_CONNECTORS='[ {"domains": ["ACME.test"], "issuer": "https://ACME.okta.test/", "name": "Acme", "id": "c1"} ]'\n`
    expect(await stepFor(text, ACME)).toMatchObject({ action: 'leave', changes: [], notes: [] })
    expect(readFileSync(path, 'utf8')).toBe(text)
    const rewritten = text.replace('LOGTO_APP_ID=the-id', 'LOGTO_APP_ID=old-id')
    await written(rewritten, { wired: ACME })
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('company, renamed or with more domains, is changed in its place', async () => {
    const before = line({ ...acme, name: 'Old', domains: ['old.test'] }, globex)
    expect(listOf(await written(before, { wired: ACME }))).toEqual([acme, globex])
  })

  it('entry, of a connector that is gone, gives way in what is ours, and the plan says so', async () => {
    const gone = { ...acme, id: 'gone' }
    const sameOkta = { ...globex, id: 'gone-2', name: 'Acme once', issuer: acme.issuer }
    const sameName = { ...globex, id: 'gone-3', name: 'Acme' }
    const sameDomain = { ...globex, domains: ['globex.test', 'acme.test'] }
    for (const [present, left] of [[gone], [sameOkta], [sameName], [sameDomain, globex]] as const) {
      writeFileSync(path, line(present))
      const step = await planEnvFile(path, {}, desired(), ACME)
      expect(step.notes).toMatchObject([
        { en: expect.stringContaining(`(${present.id}) in SSO_CONNECTORS gives way`) },
      ])
      await step.apply()
      expect(listOf(settings())).toEqual(left ? [left, acme] : [acme])
      expect(await planEnvFile(path, {}, desired(), ACME)).toMatchObject({ action: 'leave', notes: [] })
    }
  })

  it('Google, that several companies have, is each one’s own, and a SAML provider is its entity ID', async () => {
    const google = { issuer: 'https://accounts.google.com', provider: 'GoogleWorkspace' as const }
    const of = (name: 'GoogleWorkspace' | 'SAML') => ({ ...desired(), provider: { name, values: undefined } })
    writeFileSync(path, line({ ...globex, ...google }))
    const step = await planEnvFile(path, {}, of('GoogleWorkspace'), { ...ACME, issuer: google.issuer })
    await step.apply()
    expect(listOf(settings())).toEqual([globex, acme].map((company) => ({ ...company, ...google })))
    const again = await planEnvFile(path, {}, of('SAML'), { ...ACME, issuer: 'urn:acme:idp' })
    await again.apply()
    expect(listOf(settings())[1]).toEqual({ ...acme, issuer: 'urn:acme:idp', provider: 'SAML' })
  })

  it('name, that makes the same link as another company’s, is refused while nothing is changed yet', async () => {
    const sameLink = stepFor(line({ ...globex, name: 'ACME!' }), ACME)
    await expect(sameLink).rejects.toThrow('the same link: /sign-in/acme')
  })

  it('setting, that cannot be read, is refused while nothing is changed yet', async () => {
    const unreadable = stepFor(`${COMPLETE}SSO_CONNECTORS=acme\n`, ACME)
    await expect(unreadable).rejects.toThrow('SSO_CONNECTORS is not a list in JSON')
  })

  it('plan, before the connector is there, promises it and writes it once it is', async () => {
    writeFileSync(path, COMPLETE)
    const wired: Wired = { ...WIRED, issuer: acme.issuer, domains: ['acme.test'] }
    const step = await planEnvFile(path, {}, desired(), wired)
    expect(step.action).toBe('change')
    expect(printPlan([step])).toContain('SSO_CONNECTORS: + “Acme”, once it is complete')
    wired.connectorId = 'c1'
    await step.apply()
    expect(listOf(settings())).toEqual([acme])
  })

  it('client ID, new or another, is written, and what only people say of the company stays', async () => {
    const withClient = { ...ACME, oktaClient: { clientId: 'client', clientSecret: 'secret' } }
    const step = await stepFor(line({ ...acme, otherDomains: true }), withClient)
    expect(printPlan([step])).toContain('client ID client')
    await step.apply()
    const written = { ...acme, clientId: 'client', otherDomains: true }
    expect(listOf(settings())).toEqual([written])
    // Not known this time, as while somebody makes Okta's half by hand.
    expect(await planEnvFile(path, {}, desired(), ACME)).toMatchObject({ action: 'leave' })
  })

  it('plan, for a reader, shows names, issuers and domains', async () => {
    expect(printPlan([await stepFor(line(globex), ACME)])).toContain(
      'SSO_CONNECTORS: Globex (https://globex.okta.test, globex.test) → Globex (https://globex.okta.test, globex.test); Acme (https://acme.okta.test, acme.test)',
    )
  })

  it('issuer, not known while Okta’s half is to be made by hand, leaves the setting alone', async () => {
    const { issuer: _, ...wired } = ACME
    expect(await stepFor(line(globex), wired)).toMatchObject({ action: 'leave' })
    expect(listOf(await written(`${COMPLETE}SESSION_SECRET=\n`, { wired }))).toEqual([])
  })

  it('name, with quotes of every kind, is read back as it is', async () => {
    const name = `O'Neil "&" Sons \`x\``
    writeFileSync(path, COMPLETE)
    const step = await planEnvFile(
      path,
      {},
      { ...desired(), connector: { name, domains: ['acme.test'], scopes: [] } },
      ACME,
    )
    await step.apply()
    expect(listOf(settings())).toEqual([{ ...acme, name }])
  })

  it('environment, with another list, is noted to win', async () => {
    writeFileSync(path, COMPLETE)
    const { notes } = await planEnvFile(path, { SSO_CONNECTORS: '[]' }, desired(), ACME)
    expect(notes).toMatchObject([{ en: expect.stringContaining('SSO_CONNECTORS is also set') }])
  })
})
