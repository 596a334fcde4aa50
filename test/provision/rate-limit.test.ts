import { describe, expect, it } from 'vitest'
import { actionsOf, blankForTests, only, type Sent, stateOf, toDo } from './support.ts'

const context = blankForTests()
const { plan, provision, refusal, wire } = context

const DATE = 'Mon, 23 Nov 2026 12:00:00 GMT'
const NOON = Date.parse(DATE) / 1000

/** Answers requests with 429 so many times each before they go through. */
function limit(headers: Record<string, string>, times = 1, concerns: (sent: Sent) => boolean = () => true) {
  const refused = new Map<string, number>()
  wire.intercept = (sent, forward) => {
    const count = refused.get(sent.what) ?? 0
    if (!concerns(sent) || count >= times) return forward()
    refused.set(sent.what, count + 1)
    const body = { errorCode: 'E0000047', errorSummary: 'API call exceeded rate limit', code: 'rate_limit' }
    return Response.json(body, { status: 429, headers: { date: DATE, ...headers } })
  }
}

const aroundLogto = ({ what }: Sent) => what === 'GET /api/sso-connectors'
const aroundOkta = ({ what }: Sent) => what === 'GET /api/v1/groups'

describe.each([
  ['Logto', aroundLogto, () => context.sandbox.logto.endpoint],
  ['Okta', aroundOkta, () => context.sandbox.okta.orgUrl],
])('too many calls for %s', (_who, concerns, address) => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7],
    ['no seconds', { 'retry-after': '0' }, 0],
    ['the longest wait that is taken', { 'retry-after': '120' }, 120],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 12:00:09 GMT' }, 9],
    ['a date that is over', { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, 0],
    ['when the limit ends', { 'x-rate-limit-reset': String(NOON + 30) }, 31],
    ['when the limit has ended', { 'x-rate-limit-reset': String(NOON - 30) }, 1],
    ['both', { 'retry-after': '3', 'x-rate-limit-reset': String(NOON + 30) }, 3],
    ['nothing', {}, 2],
    ['something that is no time', { 'retry-after': 'soon', 'x-rate-limit-reset': 'later' }, 2],
    ['something that only looks like one', { 'retry-after': '1.5' }, 2],
    ['less than nothing', { 'retry-after': '-5' }, 2],
  ])('answer, telling %s, is waited for and tried again', async (_case, headers, seconds) => {
    limit(headers as Record<string, string>, 1, concerns)
    const before = actionsOf(await plan())
    expect(before).toHaveLength(10)
    expect(wire.pauses).toEqual([seconds])
    const { host } = new URL(address())
    expect(wire.reported).toContain(`${host} is called too often (429); waiting for ${seconds} s, as it asks`)
  })

  it('answers, several without a time, are waited for longer each time', async () => {
    limit({}, 5, concerns)
    await plan()
    expect(wire.pauses).toEqual([2, 4, 8, 16, 32])
  })

  it('answers, too many of them, end it with the way to go on', async () => {
    limit({ 'retry-after': '1' }, 6, concerns)
    const message = await refusal()
    expect(message).toContain(`${new URL(address()).host} is called too often`)
    expect(message).toContain('Run provision again then; it goes on where it stopped.')
    expect(wire.pauses).toEqual([1, 1, 1, 1, 1])
  })

  it.each([
    ['seconds', { 'retry-after': '121' }],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 13:00:00 GMT' }],
    ['the end of the limit', { 'x-rate-limit-reset': String(NOON + 3600) }],
  ])('answer, too far off by %s, is not waited for', async (_case, headers) => {
    limit(headers as Record<string, string>, 1, concerns)
    expect(await refusal()).toMatch(/asks to wait for \d+ s more/)
    expect(wire.pauses).toEqual([])
  })
})

describe('too many calls in between', () => {
  it('every request, refused twice, is made in the end, once each', async () => {
    limit({ 'retry-after': '1' }, 2)
    const { wired } = await provision()
    const { tenant, org } = context.sandbox
    expect(only(tenant.ssoConnectors).id).toBe(wired.connectorId)
    expect(only(org.apps).id).toBe(wired.oktaAppId)
    expect(only(tenant.hooks).signingKey).toBe(wired.webhookSigningKey)
    wire.intercept = (_sent, forward) => forward()
    expect(toDo(await plan())).toEqual({})
  })

  it('body, of a request that is made again, is the same', async () => {
    limit({ 'retry-after': '0' }, 1)
    await provision()
    const bodies = wire.changes.filter(({ what }) => what === 'POST /api/v1/apps').map(({ body }) => body)
    expect(bodies).toHaveLength(2)
    expect(bodies[1]).toEqual(bodies[0])
  })

  it('change, put off for too long, leaves the rest for the next run', async () => {
    const { apply } = await plan()
    limit({ 'retry-after': '600' }, 1, ({ what }) => what === 'POST /api/applications')
    await expect(apply()).rejects.toThrow('asks to wait for 600 s more')
    const before = stateOf(context.sandbox)
    wire.intercept = (_sent, forward) => forward()
    await provision()
    expect(stateOf(context.sandbox).tenant.ssoConnectors).toEqual(before.tenant.ssoConnectors)
    expect(toDo(await plan())).toEqual({})
  })
})
