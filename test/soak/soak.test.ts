import { afterAll, describe, it } from 'vitest'
import { root } from '../support/readmes.ts'
import { withoutRedis } from '../support/redis-server.ts'
import { Shell } from '../support/shell.ts'

const shell = new Shell(root)
afterAll(() => shell.close())

describe.skipIf(withoutRedis)('what is measured on two processes', () => {
  it.each(['npm run soak -- 20 5', 'npm run restarts -- 1 2', 'npm run endings -- 1'])(
    '%s, a short one, finds nothing lost',
    async (command) => {
      await shell.run(command)
    },
    300_000,
  )
})
