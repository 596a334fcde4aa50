import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { contender } from '../contenders/app.ts'
import type { Setup } from '../contenders/contender.ts'
import { answerParent } from '../processes/commands.ts'

/** A process of this app, of which several have one `BASE_URL`. */
const commands = {
  /** @returns where it listens */
  async serve(setup: Setup): Promise<string> {
    const server = createServer(await contender(setup))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  },
  /** @returns CPU time so far, in microseconds */
  cpuTime(): number {
    const { user, system } = process.cpuUsage()
    return user + system
  },
}

export type ScaleCommands = typeof commands

answerParent(commands)
