import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filePlace, type Place, readCompanies, writeCompany } from '../../src/companies/index.ts'
import { planCompany } from '../../src/provision/env/company.ts'
import { addOrganization } from '../../src/sandbox/logto/state/organizations.ts'
import { inEach } from '../../src/words/phrase.ts'
import { blankForTests, notesOf, only, toDo } from './support.ts'

const context = blankForTests()
const { plan, provision, wire } = context

const organization = { name: 'Acme', roles: ['member'], permissions: ['read:reports'] }
const wanted = { organization }

describe('the organization of a company', () => {
  it('plan, with none there, makes it and what of the template it needs; again, nothing is to do', async () => {
    const first = await plan(wanted)
    expect(toDo(first)).toMatchObject({
      'Logto: organization template': [
        'permissions + read:reports',
        'roles + member',
        'permissions of “member” + read:reports',
      ],
      'Logto: organization “Acme”': ['people join + through the connector', 'roles of new members + member'],
    })
    await first.apply()
    const { tenant } = context.sandbox
    const role = only(tenant.organizationRoles)
    const made = only(tenant.organizations)
    expect(role.scopeIds).toEqual([only(tenant.organizationScopes).id])
    expect(made.jit).toMatchObject({ ssoConnectorIds: [only(tenant.ssoConnectors).id], roleIds: [role.id] })
    const second = await plan(wanted)
    expect(toDo(second)).toEqual({})
    expect(second.wired.organizationId).toBe(made.id)
  })

  it('organization, renamed since, is known by its connector', async () => {
    await provision(wanted)
    const made = only(context.sandbox.tenant.organizations)
    made.name = 'Acme Corporation'
    expect(toDo(await plan(wanted))).toEqual({})
  })

  it('organization, that somebody else has made with the same name, stays, and ours is made', async () => {
    const { tenant } = context.sandbox
    const theirs = addOrganization(tenant, { name: 'Acme' })
    const before = structuredClone(theirs)
    const provisioning = await provision(wanted)
    expect(tenant.organizations).toHaveLength(2)
    expect(tenant.organizations[0]).toEqual(before)
    expect(notesOf(provisioning).join()).toContain(theirs.id)
    expect(toDo(await plan(wanted))).toEqual({})
  })

  it.each([
    ['the one of its name that people join through the connector', 'Acme'],
    ['one that is named by its ID, whatever it is called', 'org-1'],
  ])('organization, %s, is taken over as it is', async (_what, name) => {
    await provision()
    const { tenant } = context.sandbox
    const customData = { billing: 'gold' }
    const found = addOrganization(tenant, { id: 'org-1', name: name === 'Acme' ? name : 'Other', customData })
    if (name === 'Acme') found.jit.ssoConnectorIds = [only(tenant.ssoConnectors).id]
    await provision({ organization: { name, roles: [], permissions: [] } })
    expect(only(tenant.organizations)).toMatchObject({
      ...{ id: 'org-1', customData: { billing: 'gold' } },
      jit: { ssoConnectorIds: [only(tenant.ssoConnectors).id], roleIds: [] },
    })
    expect(toDo(await plan({ organization: { name, roles: [], permissions: [] } }))).toEqual({})
  })

  it('organization, for which the plan has no room, leaves all else done, and says so', async () => {
    wire.answer('POST /api/organizations', () =>
      Response.json({ code: 'subscription.limit_exceeded', message: 'no' }, { status: 403 }),
    )
    const { left, wired } = await provision(wanted)
    expect(left.join()).toContain('Acme')
    expect(wired.organizationId).toBeUndefined()
    expect(context.sandbox.tenant.hooks).toHaveLength(1)
  })
})

describe('the company where a running app reads it', () => {
  let folder: string
  let place: Place
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-company-'))
    place = filePlace(join(folder, '.companies.json'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('company, of a run, is there with its organization; what people say of it stays; again, nothing is to do', async () => {
    const provisioning = await plan(wanted)
    const step = await planCompany(place, context.desired(wanted), provisioning.wired)
    expect(step).toMatchObject({ action: 'create' })
    await provisioning.apply()
    await step.apply()
    const { tenant } = context.sandbox
    const company = only((await readCompanies(place)).companies)
    expect(company).toMatchObject({
      ...{ id: only(tenant.ssoConnectors).id, name: 'Acme' },
      organizationId: only(tenant.organizations).id,
    })
    await writeCompany(place, { ...company, otherDomains: true })
    const again = await plan(wanted)
    expect(await planCompany(place, context.desired(wanted), again.wired)).toMatchObject({ action: 'leave' })
    expect(only((await readCompanies(place)).companies).otherDomains).toBe(true)
  })

  it('company, left of a connector that is gone, gives way; one of another connector does not', async () => {
    const gone = { id: 'gone', name: 'Acme', issuer: context.sandbox.okta.issuer, domains: [] }
    await writeCompany(place, gone)
    const { wired } = await provision(wanted)
    await (await planCompany(place, context.desired(wanted), wired)).apply()
    const { id } = only(context.sandbox.tenant.ssoConnectors)
    expect(only((await readCompanies(place)).companies).id).toBe(id)
    const living = { ...wired, connectorId: 'another', connectorIds: [id, 'another'] }
    const step = await planCompany(place, context.desired(wanted), living)
    await expect(step.apply()).rejects.toMatchObject({ name: 'ProvisionError' })
  })

  it('place, that does not answer from here, is left with a note', async () => {
    const away = inEach('away')
    const step = await planCompany({ name: 'Companies', fault: away }, context.desired(), {})
    expect(step).toMatchObject({ action: 'leave', notes: [away] })
  })
})
