import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePorts } from '../../support/free-ports.ts'
import { root } from '../../support/readmes.ts'
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.ts'

const withoutOpenssl = spawnSync('openssl', ['version']).error !== undefined
if (withoutOpenssl && process.env.CI) throw new Error('no openssl: apt-get install openssl')

describe.skipIf(withoutRedis || withoutOpenssl)('a Redis behind TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redis-tls-'))
  const at = (name: string) => join(folder, name)
  const servers: RedisServer[] = []
  let [tlsPort, clusterPort] = [0, 0]

  /** Makes an authority, and a certificate of its own for `localhost`. */
  beforeAll(async () => {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=ca')
    openssl('req', ...key, '-keyout', 'key', '-out', 'request', '-subj', '/CN=localhost')
    writeFileSync(at('names'), 'subjectAltName=DNS:localhost')
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names']
    openssl('x509', '-req', '-in', 'request', ...signed, '-days', '2', '-out', 'crt')
    const [busPort = 0, ...ports] = await freePorts(3)
    ;[tlsPort = 0, clusterPort = 0] = ports
    const files = [
      '--tls-cert-file',
      at('crt'),
      '--tls-key-file',
      at('key'),
      '--tls-ca-cert-file',
      at('ca.crt'),
    ]
    const tls = (port: number) => ['--tls-port', String(port), '--tls-auth-clients', 'no', ...files]
    servers.push(await startRedis({ more: tls(tlsPort) }))
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--tls-cluster', 'yes']
    const named = [
      '--cluster-announce-hostname',
      'localhost',
      '--cluster-preferred-endpoint-type',
      'hostname',
    ]
    const node = await startRedis({ more: [...tls(clusterPort), ...cluster, ...named] })
    servers.push(node)
    await node.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    await vi.waitUntil(async () => /cluster_state:ok/.test(String(await node.command('CLUSTER', 'INFO'))), {
      timeout: 30_000,
    })
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
    rmSync(folder, { recursive: true })
  })

  /** What the doctor says of the sessions, in a process of its own: Node.js reads authorities at its start. */
  function statusOfSessions(url: string, env: Record<string, string>): string {
    const settings = {
      REDIS_URL: url,
      LOGTO_ENDPOINT: 'http://localhost:2',
      LOGTO_APP_ID: 'a',
      LOGTO_APP_SECRET: 'b',
    }
    const args = ['dist/cli/doctor.js', '--json', '--env-file', at('no.env')]
    writeFileSync(at('no.env'), '')
    const { stdout } = spawnSync(process.execPath, args, {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', ...settings, ...env },
      encoding: 'utf8',
    })
    const results: { id: string; status: string }[] = JSON.parse(stdout).results
    return results.find(({ id }) => id === 'session-store')?.status ?? ''
  }

  it('sessions, by rediss:// and with the authority in NODE_EXTRA_CA_CERTS, are well, and else broken', () => {
    const trusted = { NODE_EXTRA_CA_CERTS: at('ca.crt') }
    expect(statusOfSessions(`rediss://localhost:${tlsPort}`, trusted)).toBe('ok')
    expect(statusOfSessions(`rediss://localhost:${tlsPort}`, {})).toBe('broken')
    expect(statusOfSessions(`redis://localhost:${tlsPort}`, trusted)).toBe('broken')
    // A name that is not in the certificate.
    expect(statusOfSessions(`rediss://127.0.0.1:${tlsPort}`, trusted)).toBe('broken')
  })
  it('sessions, in a cluster whose nodes say that they are behind TLS, are well', () => {
    const trusted = { NODE_EXTRA_CA_CERTS: at('ca.crt') }
    expect(statusOfSessions(`rediss://localhost:${clusterPort}`, trusted)).toBe('ok')
    expect(statusOfSessions(`rediss://localhost:${clusterPort}`, {})).toBe('broken')
  })
})
