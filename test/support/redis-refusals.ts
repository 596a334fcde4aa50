import { rmSync } from 'node:fs'
import { expect } from 'vitest'
import type { RedisServer } from './redis-server.ts'

type Command = (server: RedisServer) => Promise<unknown>

/** What keeps Redis from writing, by the code it answers with: how to bring it about, and how to fix it. */
export const redisRefusals: ReadonlyArray<[code: string, refuse: Command, fix: Command]> = [
  [
    'OOM',
    ({ command }) => command('CONFIG', 'SET', 'maxmemory', '1'),
    ({ command }) => command('CONFIG', 'SET', 'maxmemory', '0'),
  ],
  [
    'NOREPLICAS',
    ({ command }) => command('CONFIG', 'SET', 'min-replicas-to-write', '1'),
    ({ command }) => command('CONFIG', 'SET', 'min-replicas-to-write', '0'),
  ],
  [
    'MISCONF',
    async ({ folder, command }) => {
      rmSync(folder, { recursive: true }) // where it would save
      await command('CONFIG', 'SET', 'save', '3600 1')
      await command('BGSAVE')
      await expect.poll(() => command('INFO', 'persistence')).toContain('rdb_last_bgsave_status:err')
    },
    ({ command }) => command('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no'),
  ],
  [
    'READONLY',
    ({ command }) => command('REPLICAOF', '127.0.0.1', '1'),
    ({ command }) => command('REPLICAOF', 'NO', 'ONE'),
  ],
  [
    'NOPERM',
    ({ command }) => command('ACL', 'SETUSER', 'default', '-@write'),
    ({ command }) => command('ACL', 'SETUSER', 'default', '+@all'),
  ],
]
