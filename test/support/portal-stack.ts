import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filePlace, type Place } from '../../src/companies/index.ts'
import { createApp } from '../../src/demo/app.ts'
import { demoWords } from '../../src/demo/words.ts'
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
import { planProvisioning } from '../../src/provision/provision.ts'
import { type BlankSandbox, type NewCompany, startBlankSandbox } from '../../src/sandbox/index.ts'
import { listenOnLoopback } from '../../src/sandbox/shared/listen.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { singleSignOn } from '../../src/sso/index.ts'
import { keptLog } from './kept-log.ts'
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

/** @param settings of the portal, besides @param onReady what the hook does @param path of its address */
export async function startPortalStack(
  settings: Record<string, string> = {},
  onReady: (company: ReadyCompany) => unknown = () => {},
  path = '',
): Promise<PortalStack> {
  const folder = mkdtempSync(join(tmpdir(), 'portal-'))
  const server = await listenOnLoopback(0)
  const url = `http://localhost:${server.port}${path}`
  const sandbox = await startBlankSandbox({ logtoPort: 0, oktaPort: 0, companies: true })
  const company = await sandbox.newCompany()
  const config = loadPortalConfig({
    ...{ LOGTO_ENDPOINT: sandbox.logto.endpoint, LOGTO_M2M_APP_ID: sandbox.logto.appId },
    ...{ LOGTO_M2M_APP_SECRET: sandbox.logto.appSecret, PORTAL_BASE_URL: url, PORTAL_SECRET: secret },
    COMPANIES_FILE: join(folder, 'companies.json'),
    ...settings,
  })
  const { logger, logs } = keptLog()
  const ready: ReadyCompany[] = []
  const portal = await createPortal(config, {
    logger,
    knownWithin: 0,
    onCompanyReady(each) {
      ready.push(each)
      return onReady(each)
    },
  })
  server.handle(portal.app)
  const place = filePlace(config.whereabouts.companiesFile)
  const logto = await managementClient(config.logto, fetch)
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
      await Promise.all([server.close(), portal.close(), sandbox.close()])
      rmSync(folder, { recursive: true })
    },
  }
}

/** The demo at the same Logto, with the companies that the portal writes; it knew none when it started. */
export async function startAppBeside({ sandbox, place }: Pick<PortalStack, 'sandbox' | 'place'>) {
  const server = await listenOnLoopback(0)
  const url = `http://localhost:${server.port}`
  const { logto } = sandbox
  const { wired, apply } = await planProvisioning({
    ...{ baseUrl: url, appName: 'Express app', logto, group: 'Everyone' },
    ...{ apiResource: undefined, apiPermissions: [], issuer: undefined, okta: undefined },
    ...{ application: { id: undefined, secret: undefined }, byHand: undefined, takeOver: false },
    connector: { name: 'Nobody yet', domains: [], scopes: [] },
    ...{ offlineAccess: true, companyHookKey: 'x'.repeat(43), webhooks: false },
  })
  await apply()
  const { applicationId: LOGTO_APP_ID = '', appSecret: LOGTO_APP_SECRET = '' } = wired
  const settings = { BASE_URL: url, LOGTO_ENDPOINT: logto.endpoint, LOGTO_APP_ID, LOGTO_APP_SECRET }
  const config = loadConfig(settings)
  const { logger } = keptLog()
  const sso = await singleSignOn(config, { logger, words: demoWords, errors: 'all', companies: place })
  server.handle(createApp(config, { sso }))
  return {
    url,
    async close() {
      await Promise.all([server.close(), sso.close()])
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
