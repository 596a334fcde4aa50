import { addressOf, serve as listen, loggerFor } from '../cli/process/serve.ts'
import { endOnUnexpectedError } from '../cli/process/unexpected-error.ts'
import { startupMessage } from '../cli/startup-error.ts'
import { type Config, filePlace, type Options, settingHints, singleSignOn } from '../sso/index.ts'
import { createApp } from './app.ts'
import type { OwnSandbox, SandboxFacts } from './bring-sandbox.ts'
import { serveMetrics } from './metrics.ts'
import { demoWords } from './words.ts'

/** What an app has to do with a sandbox, if there is one. */
interface Beside extends Pick<OwnSandbox, 'listening'>, Partial<Pick<OwnSandbox, 'close'>> {
  facts: SandboxFacts
}

/**
 * Serves the demo until the process is told to stop.
 *
 * @param given the app's settings
 * @param sandbox stands in place of the Logto that the settings do not name
 * @param options where sessions live, unless the settings say it
 */
export async function serve(
  given: Config,
  sandbox?: Beside,
  options: Pick<Options, 'backend'> = {},
): Promise<void> {
  // The sandbox is on this machine: no proxy stands between.
  const config = sandbox ? Object.freeze({ ...given, ...sandbox.facts.settings, proxyFor: undefined }) : given
  const logger = loggerFor(config)
  endOnUnexpectedError(logger)
  const { metricsPort, host } = config
  const stopMetrics = metricsPort === undefined ? undefined : await serveMetrics({ port: metricsPort, host })
  const sso = await singleSignOn(config, {
    ...{ logger, words: demoWords, errors: 'all' as const },
    ...(sandbox && { companies: filePlace(sandbox.facts.companiesFile) }),
    ...options,
  })
  const { people } = sandbox?.facts ?? {}
  const server = await listen(config, {
    ...{ logger, fail },
    answer: (ready) => createApp(config, { sso, sandbox: people, ready }),
    stop: () => Promise.all([sso.close(), sandbox?.close?.(), stopMetrics?.()]),
  })
  if (sandbox) {
    await sandbox.listening()
  } else {
    const { baseUrl, logto } = config
    logger.info({ address: addressOf(server), baseUrl, logto: logto?.endpoint }, 'listening')
  }
  for (const hint of settingHints(config, sandbox !== undefined)) logger.warn(hint)
}

/** Says in one go what keeps the process from running, and ends it. */
export function fail(error: unknown): never {
  process.stderr.write(
    `${startupMessage(error, 'PORT, METRICS_PORT, PORTAL_PORT, SANDBOX_LOGTO_PORT, SANDBOX_OKTA_PORT')}\n`,
  )
  process.exit(1)
}
