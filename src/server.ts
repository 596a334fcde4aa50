import { once } from 'node:events'
import { createServer } from 'node:http'
import dotenv from 'dotenv'
import { pino } from 'pino'
import { createApp } from './app.ts'
import { sandboxBanner } from './banner.ts'
import { type AppConfig, ConfigError, loadConfig } from './config.ts'

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
  const sandbox = await startSandbox({ appUrl: config.baseUrl, ...config.sandbox })
  await serve(Object.freeze({ ...config, logto: sandbox.logto }), {
    banner: sandboxBanner(config.baseUrl, sandbox),
    close: sandbox.close,
  })
}

async function serve(config: AppConfig, companion?: Companion): Promise<void> {
  const logger = pino({ level: config.logLevel })
  const server = createServer(createApp(config, { logger }))
  await once(server.listen(config.port), 'listening').catch(async (error) => {
    await companion?.close()
    throw error
  })
  stopWhenTold(async () => {
    server.close()
    server.closeAllConnections()
    await companion?.close()
  })
  if (companion) process.stdout.write(companion.banner)
  else logger.info({ baseUrl: config.baseUrl, logto: config.logto.endpoint }, 'listening')
}

/** @throws when there is a `.env` that cannot be read */
function readEnvFile(): void {
  const { error } = dotenv.config({ quiet: true })
  if (error && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}

/** Stops once, on Ctrl-C, on a signal, or when what started us is gone; then ends the process. */
function stopWhenTold(stop: () => Promise<void>): void {
  let stopping = false
  const end = () => {
    if (stopping) return
    stopping = true
    stop().then(
      () => process.exit(0),
      (error) => fail(error),
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (process.env.npm_lifecycle_event) onceOrphaned(end)
}

/** npm runs scripts in a shell: a signal that is sent to npm ends that shell, and never reaches us. */
function onceOrphaned(end: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    end()
  }, 250)
  watch.unref()
}

/** Says in one go what keeps the process from running, and ends it. */
function fail(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  const { code, port, message, stack } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use: end what uses it, or choose another (PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT).`
  }
  if (code === 'EACCES') return `Port ${port} is not allowed for this user: choose one above 1023.`
  if (code === 'ERR_MODULE_NOT_FOUND') {
    return `${message}\nThe sandbox needs the development dependencies: run npm ci, or set LOGTO_ENDPOINT, LOGTO_APP_ID and LOGTO_APP_SECRET.`
  }
  return stack ?? String(error)
}

main().catch(fail)
