import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { listenOnLoopback } from '../../src/sandbox/shared/listen.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { demoApp } from './demo-app.ts'
import { keptLog } from './kept-log.ts'
import { UserAgent } from './user-agent.ts'

/** The app and its sandbox, listening on free ports. */
export interface Stack {
  url: string
  /** Of the sandbox's Okta accounts. */
  password: string
  sandbox: Sandbox
  /** What the app logged, a parsed line each. */
  logs: Record<string, unknown>[]
  close: () => Promise<void>
}

/**
 * Starts everything that `npm start` starts, in this process.
 *
 * @param settings of the app, besides
 * @param companies whether there are companies with other providers, too
 */
export async function startStack(
  settings: Record<string, string> = {},
  { companies = false } = {},
): Promise<Stack> {
  const server = await listenOnLoopback(0)
  const url = `http://localhost:${server.port}`
  const config = loadConfig({ BASE_URL: url, ...settings })
  const { offlineAccess } = config
  const sandbox = await startSandbox({
    appUrl: url,
    offlineAccess,
    logtoPort: 0,
    oktaPort: 0,
    companies,
    apiPermissions: ['read:notes'],
  })

  const { logto, webhookKey, connectors, companyHookKeys, apiResource } = sandbox
  const people = { accounts: sandbox.everybody, password: sandbox.password }
  const { logger, logs } = keptLog()
  server.handle(
    demoApp(
      { ...config, logto, webhookKey, connectors, companyHookKeys, apiResource },
      { logger, ...(companies && { sandbox: people }) },
    ),
  )
  if (companies) await sandbox.appIsThere()
  const close = async () => {
    await Promise.all([server.close(), sandbox.close()])
  }
  return { url, password: sandbox.password, sandbox, logs, close }
}

/**
 * Signs in as a person would: Sign in → Single Sign-On → email → Okta's page.
 *
 * @param app where the app is, and the password of the sandbox's Okta accounts
 * @returns the page the person ends up on
 */
export async function signInThroughOkta(
  agent: UserAgent,
  app: { url: string; password: string },
  { email = 'employee@acme.example', path = '/sign-in' } = {},
) {
  await agent.open(app.url + path)
  await agent.click('Single Sign-On')
  await agent.submit({ email })
  return agent.submit({ username: email, password: app.password })
}

export { UserAgent }
