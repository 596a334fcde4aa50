import { parseArgs } from 'node:util'
import express from 'express'
import { createPortal, loadPortalConfig } from '../portal/index.ts'
import { commandLine } from '../settings/command-line.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { settingHints } from '../settings/hints.ts'
import { readArgs } from './options/option-faults.ts'
import { health } from './process/health.ts'
import { addressOf, loggerFor, serve } from './process/serve.ts'
import { endOnUnexpectedError } from './process/unexpected-error.ts'
import { failureMessage } from './startup-error.ts'

const USAGE = `Usage: ${commandLine('portal', '[options]')}

Serves the page on which the administrator of a company connects their identity
provider. Invite them: ${commandLine('invite', '--company "Globex" --domains globex.com')}
Reads the settings from the environment and from .env. It is a process of its
own, since it holds what opens Logto's Management API.

  --env-file <path>   where settings are read from (default: .env)
  --help, -h          show this
`

const flags = {
  'env-file': { type: 'string', default: '.env' },
  help: { type: 'boolean', short: 'h' },
} as const

async function main(): Promise<void> {
  const values = readArgs(() => parseArgs({ options: flags }).values)
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  loadEnvFile(values['env-file'])
  const config = loadPortalConfig(process.env)
  const logger = loggerFor(config.asHost)
  endOnUnexpectedError(logger)
  const portal = await createPortal(config, {
    logger,
    onCompanyReady: (company) => logger.info({ ...company }, 'a company is ready'),
  })
  const { pathname } = new URL(`${config.baseUrl}/`)
  const server = await serve(config.asHost, {
    logger,
    fail,
    stop: portal.close,
    answer(ready) {
      const app = express().disable('x-powered-by')
      for (const path of new Set(['/', pathname])) {
        app.use(
          path,
          health(async () => ready() && portal.ready()),
        )
      }
      return app.use(portal.app)
    },
  })
  const { baseUrl, logto } = config
  logger.info({ address: addressOf(server), baseUrl, logto: logto.endpoint }, 'listening')
  for (const hint of settingHints(config.asHost, false, 'PORTAL_')) logger.warn(hint)
}

function fail(error: unknown): never {
  process.stderr.write(`${failureMessage(error, USAGE, 'PORTAL_PORT')}\n`)
  process.exit(1)
}

main().catch(fail)
