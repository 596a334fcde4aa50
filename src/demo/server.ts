import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { drainable } from '../cli/process/drain.ts'
import { stopGracefully } from '../cli/process/graceful-stop.ts'
import { readableLine } from '../cli/process/readable-log.ts'
import { answerRefusedRequests } from '../cli/process/refused-requests.ts'
import { endOnUnexpectedError } from '../cli/process/unexpected-error.ts'
import { startupMessage } from '../cli/startup-error.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { type Config, filePlace, loadConfig, type Place, settingHints, singleSignOn } from '../sso/index.ts'
import { createApp } from './app.ts'
import { sandboxBanner } from './banner.ts'
import { serveMetrics } from './metrics.ts'
import type { SandboxPeople } from './pages/home.ts'
import { demoWords } from './words.ts'

/** What the process does with a sandbox, if it brings one. */
interface Companion {
  /** Where its companies live that come while the app runs. */
  companies: Place
  banner: string
  /** Whom one can sign in as. */
  people: SandboxPeople
  /** Told that the app listens. */
  listening: () => Promise<void>
  close: () => Promise<void>
}

async function main(): Promise<void> {
  loadEnvFile()
  const config = loadConfig(process.env)
  if (config.logto) return serve(Object.freeze({ ...config, logto: config.logto }))

  // Imported only when it is needed: production neither has the sandbox nor what it depends on.
  const { startSandbox } = await import('../sandbox/index.ts')
  const { baseUrl: appUrl, apiResource: identifier, offlineAccess } = config
  const sandbox = await startSandbox({
    appUrl,
    apiResource: identifier,
    offlineAccess,
    ...config.sandbox,
    companies: true,
  })
  const { logto, webhookKey, connectors, companyHookKeys, apiResource } = sandbox
  // It is in this process, where no proxy stands between.
  const proxyFor = undefined
  // It begins anew with each start, and so do its companies.
  const companiesFile = `${config.companiesFile}.sandbox`
  rmSync(companiesFile, { force: true })
  await serve(
    Object.freeze({ ...config, logto, webhookKey, connectors, companyHookKeys, apiResource, proxyFor }),
    {
      companies: filePlace(companiesFile),
      banner: sandboxBanner(config.baseUrl, { ...sandbox, accounts: sandbox.everybody }),
      people: { accounts: sandbox.everybody, password: sandbox.password },
      listening: sandbox.appIsThere,
      close: sandbox.close,
    },
  )
}

async function serve(config: Config, companion?: Companion): Promise<void> {
  const logger = config.readableLog
    ? pino({ level: config.logLevel }, { write: (line) => process.stdout.write(readableLine(line)) })
    : pino({ level: config.logLevel })
  endOnUnexpectedError(logger)
  const { metricsPort, host } = config
  const stopMetrics = metricsPort === undefined ? undefined : await serveMetrics({ port: metricsPort, host })
  const sso = await singleSignOn(config, {
    ...{ logger, words: demoWords, errors: 'all' as const },
    ...(companion && { companies: companion.companies }),
  })
  const server = createServer({ keepAliveTimeout: config.keepAlive })
  const { drain, isDraining } = drainable(server, { open: config.drain })
  answerRefusedRequests(server, logger)
  server.on('request', createApp(config, { sso, sandbox: companion?.people, ready: () => !isDraining() }))
  const { port } = config
  await once(server.listen({ port, host }), 'listening').catch(async (error) => {
    await companion?.close()
    throw error
  })
  stopGracefully(async () => {
    const cut = await drain()
    if (cut > 0) logger.warn({ requests: cut }, 'requests were cut off: they did not finish in time')
    await Promise.all([sso.close(), companion?.close(), stopMetrics?.()])
  }, fail)
  if (companion) {
    await companion.listening()
    process.stdout.write(companion.banner)
  } else {
    const { baseUrl, logto } = config
    logger.info({ address: addressOf(server), baseUrl, logto: logto?.endpoint }, 'listening')
  }
  for (const hint of settingHints(config, companion !== undefined)) logger.warn(hint)
}

/** Where a server listens; `[::]` is every address of the machine. */
function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** Says in one go what keeps the process from running, and ends it. */
function fail(error: unknown): never {
  process.stderr.write(
    `${startupMessage(error, 'PORT, METRICS_PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT')}\n`,
  )
  process.exit(1)
}

main().catch(fail)
