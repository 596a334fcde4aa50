import { once } from 'node:events'
import { sep } from 'node:path'
import { localeLanguage } from '../cli/options/language.ts'
import { stopGracefully } from '../cli/process/graceful-stop.ts'
import { sayIn } from '../cli/terminal/say.ts'
import { bringSandbox } from '../demo/bring-sandbox.ts'
import { fail } from '../demo/serve.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { loadConfig } from '../sso/index.ts'
import { memoryBackend } from '../sso/session/backend/memory-backend.ts'
import { startApp } from './app-process.ts'
import type { Lasting } from './lasting.ts'
import { phrase } from './phrase.ts'
import { watchFiles } from './watch-files.ts'

const say = sayIn(localeLanguage(process.env))

/** Runs the demo, and starts it again whenever a file is saved. Its sandbox and its sessions live on here. */
async function main(): Promise<void> {
  // As it was found: the app reads `.env` itself, anew at each start.
  const env = { ...process.env }
  loadEnvFile()
  const config = loadConfig(process.env)
  const sandbox = config.logto ? undefined : await bringSandbox(config)
  let first: Promise<void> | undefined
  const lasting: Lasting = {
    ...memoryBackend(config.sessions),
    facts: async () => ({ sessionSecrets: config.sessionSecrets, sandbox: sandbox?.facts }),
    async listening() {
      first ??= sandbox?.listening()
      await first
    },
  }
  const changes = watchFiles(['src', 'views'])
  let stop = startApp(env, lasting)
  stopGracefully(async () => {
    await stop()
    await sandbox?.close()
  }, fail)
  for (;;) {
    const [file] = await once(changes, 'change')
    if (isOfSandbox(file)) {
      say(phrase`${file}: the sandbox stays as it is until you start all of this again.`)
      continue
    }
    say(phrase`${file}: the app starts again.`)
    await stop()
    stop = startApp(env, lasting)
  }
}

const isOfSandbox = (file: string) => file.split(sep)[1] === 'sandbox'

main().catch(fail)
