import { describe, expect, it } from 'vitest'
import { blankForTests, isChange, only, toDo } from './support.ts'

const context = blankForTests()
const { plan, provision, wire } = context

const API = 'https://api.app.test'
const withApi = { apiResource: API, apiPermissions: ['read:notes'] }
const CHANGES = ['POST /api/resources', 'POST /api/resources/…/scopes', 'POST /api/roles']
const REPAIRS = ['POST /api/resources/…/scopes', 'POST /api/roles/…/scopes']

const lost = () => {
  throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
}
/** Where the network breaks: on the way there, or on the way back. */
const BREAKS = {
  'lost on its way there': async () => lost(),
  'done, with its answer lost': async (forward: () => Promise<Response>) => {
    await forward()
    return lost()
  },
}

const nameOf = (what: string) => what.replace(/\/[a-z0-9]{21}\//, '/…/')
const cases = (requests: string[]) =>
  requests.flatMap((request) =>
    Object.entries(BREAKS).map(([words, accident]) => ({ request, words, accident })),
  )

async function applyWithAccident(
  request: string,
  accident: (forward: () => Promise<Response>) => Promise<Response>,
) {
  const { apply } = await plan(withApi)
  wire.sent.length = 0
  wire.intercept = ({ what }, forward) => (nameOf(what) === request ? accident(forward) : forward())
  await expect(apply()).rejects.toMatchObject({ name: 'ProvisionError' })
  expect(nameOf(wire.sent.at(-1)?.what ?? ''), 'nothing is sent after it').toBe(request)
  wire.intercept = (_sent, forward) => forward()
}

async function expectFinished() {
  await provision(withApi)
  expect(toDo(await plan(withApi))).toEqual({})
  const { tenant } = context.sandbox
  const { scopes } = only(tenant.apiResources.filter(({ indicator }) => indicator === API))
  expect(scopes.map(({ name }) => name)).toEqual(['read:notes'])
  expect(only(tenant.roles).scopeIds).toEqual(scopes.map(({ id }) => id))
}

describe('an interrupted run with API_RESOURCE', () => {
  it('plan, carried out on top of the rest, takes three changes', async () => {
    await provision()
    wire.reset()
    await provision(withApi)
    expect(wire.sent.filter(isChange).map(({ what }) => nameOf(what))).toEqual(CHANGES)
  })

  it.each(cases(CHANGES))('$request, $words, is made good by the next run', async ({ request, accident }) => {
    await applyWithAccident(request, accident)
    await expectFinished()
  })

  it('role, made without its permissions as Logto may leave it, is completed', async () => {
    // Logto makes the role and gives it its permissions one after the other, in no transaction.
    await applyWithAccident('POST /api/roles', async (forward) => {
      await forward()
      only(context.sandbox.tenant.roles).scopeIds = []
      return new Response(null, { status: 503 })
    })
    await expectFinished()
  })

  it.each(cases(REPAIRS))('repair, $request $words, is made good', async ({ request, accident }) => {
    await provision(withApi)
    const { tenant } = context.sandbox
    only(tenant.apiResources.filter(({ indicator }) => indicator === API)).scopes = []
    only(tenant.roles).scopeIds = []
    await applyWithAccident(request, accident)
    await expectFinished()
  })
})
