import type { Express } from 'express'
import { type Logger, pino } from 'pino'
import { createApp } from '../../src/demo/app.ts'
import type { SandboxPeople } from '../../src/demo/pages/home.ts'
import { demoWords } from '../../src/demo/words.ts'
import type { AppConfig, Config } from '../../src/settings/config.ts'
import { composeSingleSignOn } from '../../src/sso/compose.ts'
import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'

type Parts = Partial<Parameters<typeof composeSingleSignOn>[1]> & {
  logger?: Logger
  ready?: () => boolean | Promise<boolean>
  sandbox?: SandboxPeople
}

/** The demo as its server makes it, of parts that are there already: sessions in memory, and a silent log. */
export function demoApp(config: Config, { ready, sandbox, ...parts }: Parts = {}): Express {
  if (!config.logto) throw new Error('the demo needs a Logto')
  const sso = composeSingleSignOn(config as AppConfig, {
    logger: pino({ level: 'silent' }),
    backend: memoryBackend(config.sessions),
    words: demoWords,
    errors: 'all',
    ...parts,
  })
  return createApp(config, { sso, sandbox, ...(ready && { ready }) })
}
