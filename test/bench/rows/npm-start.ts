import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../../support/free-ports.ts'
import { timeToFirstAnswer } from '../processes/first-answer.ts'
import { spreadOf } from '../report/statistics.ts'
import type { Survey } from './row.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The first run of somebody who has just installed: it builds, and brings the sandbox. */
export const npmStartRow: Survey = {
  id: 'npm-start',
  path: '`npm start`, nothing built, sandbox included',
  async measure({ amounts }) {
    const times: number[] = []
    for (let i = 0; i < amounts.builds; i++) times.push(await buildAndStart())
    return [{ what: 'to the first answer', unit: 'ms', value: spreadOf(times), reach: { atMost: 5_000 } }]
  },
}

async function buildAndStart(): Promise<number> {
  const cwd = mkdtempSync(join(tmpdir(), 'bench-npm-start-'))
  try {
    for (const name of ['src', 'views', 'package.json', 'tsconfig.json']) {
      cpSync(join(root, name), join(cwd, name), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'))
    const [port, logto, okta] = (await freePorts(3)).map(String)
    const env = {
      PATH: process.env.PATH ?? '',
      PORT: port ?? '',
      SANDBOX_LOGTO_PORT: logto ?? '',
      SANDBOX_OKTA_PORT: okta ?? '',
    }
    const url = `http://localhost:${port}/`
    return await timeToFirstAnswer(['npm', 'start'], { cwd, env, url, words: 'data-signed-in="false"' })
  } finally {
    rmSync(cwd, { recursive: true })
  }
}
