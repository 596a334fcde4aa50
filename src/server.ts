import { once } from 'node:events'
import { createServer } from 'node:http'
import { pino } from 'pino'
import { createApp } from './app.ts'
import { sandboxBanner } from './banner.ts'
import { type AppConfig, loadConfig } from './config.ts'
import { answerRefusedRequests } from './http/refused-requests.ts'
import { drainable } from './process/drain.ts'
import { explain } from './process/explain.ts'
import { endOnUnexpectedError } from './process/last-words.ts'
import { readEnvFile } from './process/read-env-file.ts'
import { stopWhenTold } from './process/stop-when-told.ts'
import { connectRedis } from './redis/redis-connection.ts'
import { redisRows } from './sessions/redis-rows.ts'

/** What the process does with a sandbox, if it brings one. */
interface Companion {
  banner: string
  close: () => Promise<void>
}

async function main(): Promise<void> {
  readEnvFile()
  const config = loadConfig(process.env)
  if (config.logto) return serve(Object.freeze({ ...config, logto: config.logto }))

  // Imported only when it is needed: production neither has the sandbox nor what it depends on.
  const { startSandbox } = await import('./sandbox/index.ts')
  const { baseUrl: appUrl, apiResource: identifier } = config
  const sandbox = await startSandbox({ appUrl, apiResource: identifier, ...config.sandbox })
  const { logto, webhookKey, connectors, apiResource } = sandbox
  await serve(Object.freeze({ ...config, logto, webhookKey, connectors, apiResource }), {
    banner: sandboxBanner(config.baseUrl, sandbox),
    close: sandbox.close,
  })
}

async function serve(config: AppConfig, companion?: Companion): Promise<void> {
  const logger = pino({ level: config.logLevel })
  endOnUnexpectedError(logger)
  const { redisUrl } = config.sessions
  const redis = redisUrl === undefined ? undefined : await connectRedis({ ...config, url: redisUrl }, logger)
  const server = createServer()
  const { drain, isDraining } = drainable(server)
  answerRefusedRequests(server, logger)
  const app = createApp(config, {
    logger,
    ready: () => !isDraining(),
    ...(redis && { rows: redisRows(redis, config.sessions), shared: redis }),
  })
  server.on('request', app)
  await once(server.listen(config.port), 'listening').catch(async (error) => {
    await companion?.close()
    throw error
  })
  stopWhenTold(async () => {
    const cut = await drain()
    if (cut > 0) logger.warn({ requests: cut }, 'requests were cut off: they did not finish in time')
    await Promise.all([redis?.close(), companion?.close()])
  }, fail)
  if (companion) process.stdout.write(companion.banner)
  else logger.info({ baseUrl: config.baseUrl, logto: config.logto.endpoint }, 'listening')
}

/** Says in one go what keeps the process from running, and ends it. */
function fail(error: unknown): never {
  process.stderr.write(`${explain(error, 'PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT')}\n`)
  process.exit(1)
}

main().catch(fail)
