import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../../support/free-ports.ts'
import { timeToFirstAnswer } from '../processes/first-answer.ts'
import { spreadOf } from '../report/statistics.ts'
import type { Survey } from './row.ts'

const server = fileURLToPath(new URL('../../../dist/demo/server.js', import.meta.url))

/** The built process as production starts it. A home page needs no Logto, so the tenant is only named. */
export const startRow: Survey = {
  id: 'start',
  path: 'process, start to first answer',
  async measure({ amounts }) {
    const cwd = mkdtempSync(join(tmpdir(), 'bench-start-')) // no .env there
    const times: number[] = []
    for (let i = 0; i < amounts.starts; i++) {
      const [port = 0] = await freePorts(1)
      const env = {
        NODE_ENV: 'production',
        PORT: String(port),
        BASE_URL: 'https://app.example.com',
        SESSION_SECRET: 'a-secret-for-the-benchmark-0123456789-abcdef',
        SESSION_STORE: 'memory',
        LOGTO_ENDPOINT: 'https://logto.example.com',
        LOGTO_APP_ID: 'bench',
        LOGTO_APP_SECRET: 'a-secret-of-the-benchmark',
        LOGTO_WEBHOOK_SIGNING_KEY: 'none',
      }
      const url = `http://127.0.0.1:${port}/`
      times.push(
        await timeToFirstAnswer([process.execPath, server], {
          cwd,
          env,
          url,
          words: 'data-signed-in="false"',
        }),
      )
    }
    rmSync(cwd, { recursive: true })
    return [
      { what: '`node dist/demo/server.js`', unit: 'ms', value: spreadOf(times), reach: { atMost: 500 } },
    ]
  },
}
