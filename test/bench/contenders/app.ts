import { pino } from 'pino'
import type { Contender } from './contender.ts'
import { built, configOf } from './our-package.ts'

/** This app as production runs it, from what was built: its log line for every request, headers, sessions, limits. */
export const contender: Contender = async (setup) => {
  const { createApp } = await built<typeof import('../../../src/demo/app.ts')>('demo/app.js')
  const { demoWords } = await built<typeof import('../../../src/demo/words.ts')>('demo/words.js')
  const { singleSignOn } = await built<typeof import('../../../src/sso/index.ts')>('sso/index.js')
  const config = await configOf(setup)
  const logger = pino({ level: config.logLevel })
  return createApp(config, { sso: await singleSignOn(config, { logger, words: demoWords, errors: 'all' }) })
}
