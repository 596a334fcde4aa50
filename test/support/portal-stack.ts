import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { filePlace, type Place } from '../../src/companies/index.ts'
import {
  createPortal,
  type Invite,
  invite,
  loadPortalConfig,
  type PortalConfig,
  type ReadyCompany,
  revokeInvitation,
} from '../../src/portal/index.ts'
import { managementClient } from '../../src/provision/logto/api/management.ts'
import { type BlankSandbox, type NewCompany, startBlankSandbox } from '../../src/sandbox/index.ts'
import { UserAgent } from './user-agent.ts'

export const secret = 'portal-secret-of-the-tests-0123456789abcdef'

/** The portal and a sandbox with a company that nobody has connected, listening on free ports. */
export interface PortalStack {
  url: string
  config: PortalConfig
  sandbox: BlankSandbox
  company: NewCompany
  /** Where the companies and the invitations are. */
  place: Place
  /** What the portal logged, a parsed line each. */
  logs: Record<string, unknown>[]
  /** What the hook has heard. */
  ready: ReadyCompany[]
  invite: (who?: Partial<Invite>) => Promise<{ id: string; link: string }>
  revoke: (name: string) => Promise<unknown>
  close: () => Promise<void>
}

/** @param settings of the portal, besides @param onReady what the hook does */
export async function startPortalStack(
  settings: Record<string, string> = {},
  onReady: (company: ReadyCompany) => unknown = () => {},
): Promise<PortalStack> {
  const folder = mkdtempSync(join(tmpdir(), 'portal-'))
  const server = createServer()
  await once(server.listen(0, 'localhost'), 'listening')
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const sandbox = await startBlankSandbox({ logtoPort: 0, oktaPort: 0 })
  const company = await sandbox.newCompany()
  const config = loadPortalConfig({
    ...{ LOGTO_ENDPOINT: sandbox.logto.endpoint, LOGTO_M2M_APP_ID: sandbox.logto.appId },
    ...{ LOGTO_M2M_APP_SECRET: sandbox.logto.appSecret, PORTAL_BASE_URL: url, PORTAL_SECRET: secret },
    COMPANIES_FILE: join(folder, 'companies.json'),
    ...settings,
  })
  const logs: Record<string, unknown>[] = []
  const ready: ReadyCompany[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => logs.push(JSON.parse(line)) })
  const portal = await createPortal(config, {
    logger,
    knownWithin: 0,
    onCompanyReady(each) {
      ready.push(each)
      return onReady(each)
    },
  })
  server.on('request', portal.app)
  const place = filePlace(config.whereabouts.companiesFile)
  const logto = managementClient(config.logto, fetch)
  return {
    ...{ url, config, sandbox, company, place, logs, ready },
    async invite(who = {}) {
      const { invitation, link } = await invite(
        { config, place, logto },
        { company: company.name, domains: [company.domain], ...who },
      )
      return { id: invitation.id, link }
    },
    revoke: (name) => revokeInvitation({ place, logto }, name),
    async close() {
      const closed = once(server.close(), 'close')
      server.closeAllConnections()
      await Promise.all([closed, portal.close(), sandbox.close()])
      rmSync(folder, { recursive: true })
    },
  }
}

/** Makes the application in the console of the company's Okta, as its administrator, and gives its credentials. */
export async function applicationByHand(
  { company, sandbox }: Pick<PortalStack, 'company' | 'sandbox'>,
  redirectUri: string,
  fields: Record<string, string> = {},
): Promise<{ clientId: string; clientSecret: string }> {
  const browser = new UserAgent()
  await browser.open(`${company.okta}/admin/apps`)
  await browser.submit({ username: company.administrator, password: sandbox.password })
  const { body } = await browser.submit({ label: 'The app', redirectUris: redirectUri, ...fields })
  const shown = (name: string) => new RegExp(`data-${name}>([^<]+)<`).exec(body)?.[1] ?? ''
  return { clientId: shown('client-id'), clientSecret: shown('client-secret') }
}

/** The values to be copied that a page of the portal shows. */
export const copied = (body: string): string[] =>
  [...body.matchAll(/data-copied="[^"]*"><code>([^<]*)</g)].map(([, value = '']) => value)
