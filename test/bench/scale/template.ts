import { startSandbox } from '../../../src/sandbox/index.ts'
import { listenOnLoopback } from '../../../src/sandbox/shared/listen.ts'
import { loadConfig } from '../../../src/settings/config.ts'
import { memoryBackend } from '../../../src/sso/session/backend/memory-backend.ts'
import type { NewRow } from '../../../src/sso/session/backend/session-backend.ts'
import { demoApp } from '../../support/demo-app.ts'
import { signInThroughOkta, UserAgent } from '../../support/stack.ts'

/** What the package keeps of somebody of a company who has just signed in through Okta: the real thing, once. */
export async function realRow(): Promise<NewRow> {
  const server = await listenOnLoopback(0)
  const url = `http://localhost:${server.port}`
  const sandbox = await startSandbox({ appUrl: url, logtoPort: 0, oktaPort: 0 })
  try {
    const rows: NewRow[] = []
    const memory = memoryBackend({ idle: 3_600_000 })
    const backend = { ...memory, create: (row: NewRow) => memory.create(rows[rows.push(row) - 1] ?? row) }
    const { logto, connectors } = sandbox
    server.handle(demoApp({ ...loadConfig({ BASE_URL: url }), logto, connectors }, { backend }))
    await signInThroughOkta(new UserAgent(), { url, password: sandbox.password })
    const [row] = rows
    if (!row) throw new Error('nobody was signed in')
    return row
  } finally {
    await Promise.all([server.close(), sandbox.close()])
  }
}
