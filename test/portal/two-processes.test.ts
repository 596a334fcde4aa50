import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPlace, type Place, readCompanies } from '../../src/companies/index.ts'
import {
  createPortal,
  inviteTo,
  loadPortalConfig,
  logtoOf,
  type Portal,
  type PortalConfig,
  revokeInvitation,
} from '../../src/portal/index.ts'
import { invitationSeal } from '../../src/portal/invitations/seal.ts'
import { type BlankSandbox, type NewCompany, startBlankSandbox } from '../../src/sandbox/index.ts'
import { type Balancer, startBalancer } from '../support/balancer.ts'
import { applicationByHand, secret } from '../support/portal-stack.ts'
import { type RedisServer, startRedis, withoutRedis } from '../support/redis-server.ts'
import { UserAgent } from '../support/user-agent.ts'

describe.skipIf(withoutRedis)('the portal, as two processes on one Redis', () => {
  let [redis, balancer, sandbox, company]: [RedisServer?, Balancer?, BlankSandbox?, NewCompany?] = []
  let [config, place]: [PortalConfig?, Place?] = []
  const portals: Portal[] = []
  const servers: Server[] = []

  beforeAll(async () => {
    ;[redis, balancer, sandbox] = await Promise.all([
      startRedis(),
      startBalancer(),
      startBlankSandbox({ logtoPort: 0, oktaPort: 0 }),
    ])
    company = await sandbox.newCompany()
    config = loadPortalConfig({
      ...{ LOGTO_ENDPOINT: sandbox.logto.endpoint, LOGTO_M2M_APP_ID: sandbox.logto.appId },
      ...{ LOGTO_M2M_APP_SECRET: sandbox.logto.appSecret, REDIS_URL: redis.url },
      ...{ PORTAL_BASE_URL: balancer.url, PORTAL_SECRET: secret },
    })
    place = await openPlace(config.whereabouts)
    for (let count = 0; count < 2; count++) {
      const portal = await createPortal(config, { logger: pino({ level: 'silent' }), knownWithin: 0 })
      const server = createServer(portal.app)
      await once(server.listen(0, '127.0.0.1'), 'listening')
      balancer.targets.push((server.address() as AddressInfo).port)
      portals.push(portal)
      servers.push(server)
    }
  })
  afterAll(async () => {
    for (const server of servers) server.close().closeAllConnections()
    await Promise.all([...portals.map(({ close }) => close()), place?.close(), balancer?.close()])
    await Promise.all([sandbox?.close(), redis?.close()])
  })

  const stageOn = ({ page }: UserAgent) => /data-stage="(\w+)"/.exec(page?.body ?? '')?.[1]
  const versionOn = ({ page }: UserAgent) => /name="version" value="(\d+)"/.exec(page?.body ?? '')?.[1] ?? ''

  it('company, connected by whichever process is asked, is made once and is the app’s', async () => {
    if (!config || !place || !sandbox || !company) throw new Error('not started')
    const who = { company: company.name, domains: [company.domain] }
    const { invitation, link } = await inviteTo(config, place, who)
    const at = `${config.baseUrl}/setup/${invitation.id}`
    const browser = new UserAgent()
    await browser.open(link)
    // Two administrators press at the same moment, one at each process.
    const form = { provider: 'Okta', version: versionOn(browser) }
    const both = [browser, browser.newTab()].map((tab) => tab.send(`${at}/provider`, form))
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 409])
    const made = sandbox.tenant.ssoConnectors.filter(({ connectorName }) => connectorName === company?.name)
    expect(made).toHaveLength(1)

    const redirectUri = `${sandbox.logto.endpoint}/callback/${made[0]?.id}`
    const client = await applicationByHand({ company, sandbox }, redirectUri)
    await browser.open(at)
    await browser.submit({ issuer: company.okta, ...client })
    await browser.click('Sign in to try it')
    await browser.submit({ username: company.administrator, password: sandbox.password })
    expect(stageOn(browser)).toBe('switch_on')
    await browser.send(`${at}/switch-on`, { version: versionOn(browser) })
    expect(stageOn(browser)).toBe('on')
    expect((await readCompanies(place)).companies).toMatchObject([
      { id: made[0]?.id, ...{ name: company.name } },
    ])
  })

  it.each(['revoked', 'expired'] as const)('invitation, %s, opens nothing at either process', async (how) => {
    if (!config || !place) throw new Error('not started')
    const { baseUrl } = config
    const who = { company: `Other ${how}`, domains: [`${how}.example`] }
    const invited = await inviteTo(config, place, who)
    const { invitation } = invited
    let { link } = invited
    const at = `${baseUrl}/setup/${invitation.id}`
    const browser = new UserAgent()
    for (let process = 0; process < 2; process++) {
      await browser.open(link)
      expect(stageOn(browser)).toBe('choose')
    }
    if (how === 'revoked') await revokeInvitation({ place, logto: await logtoOf(config) }, who.company)
    else {
      const key = await invitationSeal(config.secrets).seal({ ...invitation, expiresAt: Date.now() - 2000 })
      link = `${baseUrl}/invitation?${new URLSearchParams({ key })}`
      await browser.jar.setCookie(`portal_invitation_${invitation.id}=${key}; Path=/`, baseUrl)
    }
    for (const url of [at, at, link, link]) {
      const { status, body } = await browser.open(url)
      expect([status, body.includes(`data-error="invitation_${how}"`)]).toEqual([410, true])
    }
    for (const _process of [1, 2])
      expect((await browser.send(`${at}/provider`, { version: '0', provider: 'OIDC' })).status).toBe(410)
  })
})
