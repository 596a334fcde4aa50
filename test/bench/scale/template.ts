import { startSandbox } from '../../../src/sandbox/index.ts'
import { listenOnLoopback } from '../../../src/sandbox/shared/listen.ts'
import { loadConfig } from '../../../src/settings/config.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { NewRow } from '../../../src/sso/session/backend/session-backend.ts'
import { demoApp } from '../../support/demo-app.ts'
import { signInThroughOkta, UserAgent } from '../../support/stack.ts'
import { countedTokens } from '../counted-tokens.ts'

/** What the package keeps of somebody of a company who has just signed in through Okta, and the bytes of their tokens. */
export interface RealSession {
  row: NewRow
  tokenBytes: number
}

/** @returns the real thing, once */
export async function realSession(): Promise<RealSession> {
  const server = await listenOnLoopback(0)
  const url = `http://localhost:${server.port}`
  const sandbox = await startSandbox({ appUrl: url, logtoPort: 0, oktaPort: 0 })
  try {
    const rows: NewRow[] = []
    const memory = memoryBackend({ idle: 3_600_000 })
    const backend = { ...memory, create: (row: NewRow) => memory.create(rows[rows.push(row) - 1] ?? row) }
    const { logto, connectors } = sandbox
    const tokens = countedTokens()
    server.handle(
      demoApp({ ...loadConfig({ BASE_URL: url }), logto, connectors }, { backend, fetch: tokens.fetch }),
    )
    await signInThroughOkta(new UserAgent(), { url, password: sandbox.password })
    const [row] = rows
    if (!row) throw new Error('nobody was signed in')
    return { row, tokenBytes: tokens.bytes() }
  } finally {
    await Promise.all([server.close(), sandbox.close()])
  }
}
