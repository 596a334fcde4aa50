import { startSandbox } from '../../src/sandbox/index.ts'
import { listenOnLoopback } from '../../src/sandbox/shared/listen.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'
import { demoApp } from '../support/demo-app.ts'
import { signInThroughOkta, UserAgent } from '../support/stack.ts'
import { watchedBackend } from '../support/watched-backend.ts'
import { countedTokens } from './counted-tokens.ts'

export interface SessionsAtRest {
  /** What the store holds, as JSON. */
  sessions: string[]
  /** How many browsers are signed in. */
  people: number
  /** Of the ID, access and refresh token that the last of them was given. */
  tokenBytes: number
}

/** What is in the store after strangers, abandoned sign-ins and two real ones. */
export async function sessionsAtRest(): Promise<SessionsAtRest> {
  const server = await listenOnLoopback(0)
  const url = `http://localhost:${server.port}`
  const sandbox = await startSandbox({ appUrl: url, logtoPort: 0, oktaPort: 0 })
  try {
    const store = watchedBackend(memoryBackend({ idle: 3_600_000 }))
    const tokens = countedTokens()
    const config = { ...loadConfig({ BASE_URL: url }), logto: sandbox.logto }
    server.handle(demoApp(config, { backend: store, fetch: tokens.fetch }))

    for (const path of Array(10).fill(['/', '/sign-in', '/nowhere']).flat())
      await new UserAgent().request(url + path)
    const people = 2
    for (let person = 0; person < people; person++) {
      await signInThroughOkta(new UserAgent(), { url, password: sandbox.password })
    }
    const texts = await Promise.all((await store.ids()).map((id) => store.read(id)))
    return { sessions: texts.map((text = '') => text), people, tokenBytes: tokens.bytes() }
  } finally {
    await Promise.all([server.close(), sandbox.close()])
  }
}
