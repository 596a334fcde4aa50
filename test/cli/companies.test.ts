import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filePlace, readCompanies, writeCompany } from '../../src/companies/index.ts'
import { blankForTests, only } from '../provision/support.ts'
import { commandOf } from '../support/command-of.ts'
import { freePorts } from '../support/free-ports.ts'
import { processesForTests } from '../support/processes.ts'
import { isProse } from '../support/prose.ts'

const context = blankForTests()
const processes = processesForTests()
const place = () => filePlace(join(processes.place.folder, '.companies.json'))
const elsewhere = { id: 'c1', name: 'Globex', issuer: 'https://globex.test', domains: ['globex.test'] }

/** The command as its own process, in an environment of nothing but this. */
const run = (...args: string[]) => runAt(context.sandbox.logto.endpoint, ...args)

async function runAt(endpoint: string, ...args: string[]) {
  const { appId, appSecret } = context.sandbox.logto
  const [port] = await freePorts(1)
  const env = {
    ...{ LOGTO_ENDPOINT: endpoint, LOGTO_APP_ID: 'a', LOGTO_APP_SECRET: 'b', NODE_ENV: 'test' },
    ...{ LOGTO_M2M_APP_ID: appId, LOGTO_M2M_APP_SECRET: appSecret },
    // Where nobody listens, whatever runs on this machine.
    BASE_URL: `http://localhost:${port}`,
    SSO_CONNECTORS: JSON.stringify([
      { ...elsewhere, id: 'c2', name: 'Bolt', issuer: 'https://b.test', domains: [] },
    ]),
  }
  const { status, stdout, stderr } = await processes.run([...commandOf('companies'), ...args], env)
  return { status, said: stdout + stderr }
}

describe('the command companies', () => {
  it('list, of the settings’ and the stored ones, has each with a line of the doctor’s', async () => {
    await writeCompany(place(), { ...elsewhere, organizationId: 'org-1' })
    const { status, said } = await run()
    expect(status).toBe(1)
    const inJapanese = await run('--language', 'ja')
    expect([inJapanese.status, inJapanese.said.split('\n').filter(isProse)]).toEqual([1, []])
    const [globex, verdict] = said
      .split('\n')
      .slice(said.split('\n').findIndex((line) => line.startsWith('Globex')))
    expect(globex).toContain('org-1')
    expect(verdict).toMatch(/^ {4}broken: /)
    expect(said).toContain('Bolt')
  })

  it('company, that nobody was asked about, stays; with --yes it goes, and its connector where that is said', async () => {
    await context.provision()
    const { id } = only(context.sandbox.tenant.ssoConnectors)
    await writeCompany(place(), { ...elsewhere, id })
    expect(await run('--remove', 'globex')).toMatchObject({ status: 1 })
    expect((await readCompanies(place())).companies).toHaveLength(1)
    expect(await run('--remove', 'globex', '--with-connector', '--yes')).toMatchObject({ status: 0 })
    const { companies, removedAt } = await readCompanies(place())
    expect([companies.length, [...removedAt.keys()]]).toEqual([0, [id]])
    expect(context.sandbox.tenant.ssoConnectors).toEqual([])
    // One of the settings goes in the same way.
    expect(await run('--remove', 'Bolt', '--yes')).toMatchObject({ status: 0 })
    expect((await run('--no-check')).said).not.toContain('Bolt')
  })

  it.each<[string, (req: IncomingMessage, res: ServerResponse) => void, string]>([
    [
      'that never ends',
      (_req, res) => {
        const more = () => {
          while (res.write('x'.repeat(100_000)));
        }
        res.on('drain', more)
        more()
      },
      'more than a megabyte',
    ],
    [
      'that repeats what was sent',
      ({ headers }, res) => {
        const [, basic = ''] = headers.authorization?.split(' ') ?? []
        const words = `${basic} ${Buffer.from(basic, 'base64')}`
        res.writeHead(400).end(JSON.stringify({ error: 'strange', error_description: words }))
      },
      'strange',
    ],
  ])('answer of Logto, %s, is a sentence, and no secret is in it', async (_what, answer, words) => {
    await writeCompany(place(), elsewhere)
    const server = createServer(answer)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    try {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const { status, said } = await runAt(endpoint, '--remove', 'globex', '--with-connector', '--yes')
      expect([status, said]).toEqual([1, expect.stringContaining(words)])
      expect(said).not.toContain(context.sandbox.logto.appSecret)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('name, of several lines, cannot look like another company', async () => {
    await writeCompany(place(), { ...elsewhere, name: 'Globex\n    well\nOther' })
    const { said } = await run('--no-check')
    expect(said).toContain('Globex\\u000a    well\\u000aOther')
    expect((await run('--remove', 'c1')).said).toContain('company “Globex\\u000a    well\\u000aOther”')
  })
})
