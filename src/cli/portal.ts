#!/usr/bin/env -S node --
import { parseArgs } from 'node:util'
import express from 'express'
import { createPortal, loadPortalConfig } from '../portal/index.ts'
import { commandLine } from '../settings/command-line.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { settingHints } from '../settings/hints.ts'
import { commandLanguage, languageOption } from './options/language.ts'
import { readArgs } from './options/option-faults.ts'
import { phrase } from './phrase.ts'
import { health } from './process/health.ts'
import { addressOf, loggerFor, serve } from './process/serve.ts'
import { endOnUnexpectedError } from './process/unexpected-error.ts'
import { failureMessage } from './startup-error.ts'

const usage = phrase`Usage: ${commandLine('portal', '[options]')}

Serves the page on which the administrator of a company connects their identity
provider. Invite them: ${commandLine('invite', '--company "Globex" --domains globex.com')}
It reads the settings from the environment and from .env. It is a process of its
own, since it holds the credentials for Logto's Management API.

  --env-file <path>   where settings are read from (default: .env)
  --language en|ja    the language of this text and of errors (default: the
                      locale's); the log is English
  --help, -h          show this
`

const language = commandLanguage()

const flags = {
  ...languageOption,
  'env-file': { type: 'string', default: '.env' },
  help: { type: 'boolean', short: 'h' },
} as const

async function main(): Promise<void> {
  const values = readArgs(() => parseArgs({ options: flags }).values)
  if (values.help) {
    process.stdout.write(usage[language])
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
  process.stderr.write(`${failureMessage(error, usage, 'PORTAL_PORT', language)}\n`)
  process.exit(1)
}

main().catch(fail)
