import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { loadConfig } from '../sso/index.ts'
import { bringSandbox } from './bring-sandbox.ts'
import { fail, serve } from './serve.ts'

async function main(): Promise<void> {
  loadEnvFile()
  const config = loadConfig(process.env)
  await serve(config, config.logto ? undefined : await bringSandbox(config))
}

main().catch(fail)
