import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config, Logger, Place } from '../sso/index.ts'
import type { NewCompanyHints } from './pages/home.ts'

/** What of the sandbox the portal needs. */
interface SandboxParts {
  logto: { endpoint: string }
  /** The application that may use Logto's Management API. */
  management: { appId: string; appSecret: string }
  password: string
  newCompany: () => Promise<{ name: string; domain: string; okta: string; administrator: string }>
}

/**
 * Serves the portal beside the demo, where there is a sandbox: a server of its own, at a port of its own, with an
 * invitation for a company of the sandbox that nobody has connected. With a real Logto it is a process of its own.
 *
 * @param wanted what `PORTAL_PORT` says; without it another port will do where the usual one is taken
 * @throws ConfigError where it says no port; the listen error (`code`, `port`) where that port is taken
 */
export async function serveCompanyPortal(
  sandbox: SandboxParts,
  {
    config,
    place,
    logger,
    wanted,
  }: { config: Config; place: Place; logger: Logger; wanted: string | undefined },
): Promise<{ hints: NewCompanyHints; close: () => Promise<void> }> {
  // Imported only where there is a sandbox: nothing else of the demo has a use for it.
  const { createPortal, inviteTo, loadPortalConfig } = await import('../portal/index.ts')
  const settings = {
    ...{ BASE_URL: config.baseUrl, LOGTO_ENDPOINT: sandbox.logto.endpoint },
    ...{ LOGTO_M2M_APP_ID: sandbox.management.appId, LOGTO_M2M_APP_SECRET: sandbox.management.appSecret },
    ...{ PORTAL_SECRET: randomBytes(32).toString('hex'), PORTAL_PORT: wanted },
  }
  const server = createServer()
  const { host } = config
  const listen = (port: number) => once(server.listen({ port, host }), 'listening')
  await listen(loadPortalConfig(settings).port).catch((error) => {
    if (wanted?.trim()) throw error
    return listen(0)
  })
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const portalConfig = loadPortalConfig({ ...settings, PORTAL_BASE_URL: url })
  const portal = await createPortal(portalConfig, {
    ...{ logger, place },
    onCompanyReady: ({ company, domains }) => logger.info({ company, domains }, 'a company is ready'),
  })
  server.on('request', portal.app)
  const company = await sandbox.newCompany()
  const { link } = await inviteTo(portalConfig, place, { company: company.name, domains: [company.domain] })
  const { name, okta, administrator } = company
  return {
    hints: { company: name, link, console: `${okta}/admin/apps`, administrator },
    async close() {
      const closed = once(server.close(), 'close')
      server.closeAllConnections()
      await Promise.all([closed, portal.close()])
    },
  }
}
