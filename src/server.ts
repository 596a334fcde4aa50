import { createServer, type Server } from 'node:http'
import dotenv from 'dotenv'
import { pino } from 'pino'
import { createApp } from './app.ts'
import { sandboxBanner } from './banner.ts'
import { ConfigError, loadConfig } from './config.ts'

/** Brings the sandbox. Only here, and only when it is needed: production neither has it nor its dependencies. */
async function startSandbox(options: { appUrl: string; logtoPort: number; oktaPort: number }) {
  const sandbox = await import('./sandbox/index.ts')
  return sandbox.startSandbox(options)
}

async function main(): Promise<void> {
  dotenv.config({ quiet: true })
  const config = loadConfig(process.env)
  const logger = pino({ level: config.logLevel })

  const sandbox = config.logto ? undefined : await startSandbox({ appUrl: config.baseUrl, ...config.sandbox })
  const logto = config.logto ?? sandbox?.logto
  if (!logto) throw new Error('there is no Logto to talk to')

  const server = createServer(createApp({ ...config, logto }, { logger }))
  await listen(server, config.port).catch(async (error) => {
    await sandbox?.close()
    throw error
  })
  stopWhenTold(async () => {
    server.close()
    server.closeAllConnections()
    await sandbox?.close()
  })

  if (sandbox) process.stdout.write(sandboxBanner(config.baseUrl, sandbox))
  else logger.info({ baseUrl: config.baseUrl, logto: logto.endpoint }, 'listening')
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Stops once, on Ctrl-C, on a signal, or when what started us is gone; then ends the process. */
function stopWhenTold(stop: () => Promise<void>): void {
  const end = () => {
    stop().then(
      () => process.exit(0),
      (error) => fail(error),
    )
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
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
