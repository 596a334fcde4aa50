import { fail, serve } from '../demo/serve.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { loadConfig } from '../sso/index.ts'
import { lastingOfParent } from './lasting.ts'

/** The app of `npm run dev`, whose sessions and sandbox live in the process that starts it. */
async function main(): Promise<void> {
  const lasting = lastingOfParent()
  const { sessionSecrets, sandbox } = await lasting.facts()
  loadEnvFile()
  const config = { ...loadConfig(process.env), sessionSecrets }
  const { listening } = lasting
  const backend = config.sessions.redis === undefined ? { backend: lasting } : {}
  await serve(config, !config.logto && sandbox ? { facts: sandbox, listening } : undefined, backend)
}

main().catch(fail)
