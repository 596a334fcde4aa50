import { rmSync } from 'node:fs'
import { localeLanguage } from '../cli/options/language.ts'
import { loggerFor } from '../cli/process/serve.ts'
import { type Config, filePlace } from '../sso/index.ts'
import { READ_NOTES } from './api/permissions.ts'
import { sandboxBanner } from './banner.ts'
import { serveCompanyPortal } from './company-portal.ts'
import type { SandboxPeople } from './pages/home.ts'

/** What an app has to know of the sandbox; plain data, which another process can be told. */
export interface SandboxFacts {
  /** Stand in place of the app's own. */
  settings: Pick<Config, 'logto' | 'webhookKey' | 'connectors' | 'companyHookKeys' | 'apiResource'>
  people: SandboxPeople
  /** Where its companies live that come while the app runs. */
  companiesFile: string
}

/** The sandbox, as whoever started it has it. */
export interface OwnSandbox {
  facts: SandboxFacts
  /** Told that the app listens; writes whom to sign in as, and where. */
  listening: () => Promise<void>
  close: () => Promise<unknown>
}

/**
 * Starts the sandbox and wires it for this app.
 *
 * @param config the app's own
 * @throws the listen error where a port is taken
 */
export async function bringSandbox(config: Config): Promise<OwnSandbox> {
  // Imported only when it is needed: production neither has the sandbox nor what it depends on.
  const { startSandbox } = await import('../sandbox/index.ts')
  const { baseUrl: appUrl, apiResource: given, offlineAccess } = config
  const sandbox = await startSandbox({
    ...{ appUrl, apiResource: given, apiPermissions: [READ_NOTES], offlineAccess, companies: true },
    ...config.sandbox,
  })
  const {
    logto,
    webhookKey,
    connectors,
    companyHookKeys,
    apiResource,
    everybody: accounts,
    password,
  } = sandbox
  // It begins anew with each start, and so do its companies.
  const companiesFile = `${config.companiesFile}.sandbox`
  rmSync(companiesFile, { force: true })
  const portal = await serveCompanyPortal(sandbox, {
    ...{ config, place: filePlace(companiesFile), logger: loggerFor(config) },
    wanted: process.env.PORTAL_PORT,
  }).catch(async (error) => {
    await sandbox.close()
    throw error
  })
  const newCompany = portal.hints
  sandbox.showInvitation(newCompany)
  return {
    facts: {
      settings: { logto, webhookKey, connectors, companyHookKeys, apiResource },
      people: { accounts, password, newCompany },
      companiesFile,
    },
    async listening() {
      await sandbox.appIsThere()
      const banner = sandboxBanner(appUrl, { ...sandbox, accounts, newCompany })
      process.stdout.write(banner[localeLanguage(process.env)])
    },
    close: () => Promise.all([portal.close(), sandbox.close()]),
  }
}
