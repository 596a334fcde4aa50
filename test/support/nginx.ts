import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePorts } from './free-ports.ts'

const program = ['nginx', '/usr/sbin/nginx'].find((name) => !spawnSync(name, ['-v']).error)

if (!program && process.env.CI) throw new Error('no nginx: apt-get install nginx-light')

/** Why tests with a proxy are left out, if they are; to be said by `describe.skipIf`. */
export const withoutNginx = program === undefined
if (withoutNginx) process.stderr.write('\nNO nginx ON THIS MACHINE: TESTS THAT NEED IT ARE SKIPPED\n\n')

/** A real nginx with its default buffers, on a port of its own, in front of one server. */
export async function startNginx(upstream: string): Promise<{ url: string; close: () => Promise<void> }> {
  const [port = 0] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'nginx-test-'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
    events {}
    http { access_log off; ${temporary}
      server { listen 127.0.0.1:${port};
        location / { proxy_pass ${upstream}; proxy_set_header Host $http_host; } } }`,
  )
  const child = spawn(program ?? '', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
  while (!(await takesConnections(port, child))) await pause(10)
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
      rmSync(folder, { recursive: true })
    },
  }
}

async function takesConnections(port: number, { exitCode }: ChildProcess): Promise<boolean> {
  if (exitCode !== null) throw new Error(`nginx ended with ${exitCode}`)
  const socket = connect(port, '127.0.0.1')
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return connected
}
