import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from '../processes/commands.ts'
import type { Contender, Setup } from './contender.ts'
import type { ContenderName } from './names.ts'
import { startProfile } from './profile.ts'

let finishProfile: ((file: string) => Promise<void>) | undefined

/** A contender's process: one contender, on a free port of loopback. */
const commands = {
  async serve({ name, ...setup }: { name: ContenderName } & Omit<Setup, 'baseUrl'>): Promise<string> {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { contender } = (await import(`./${name}.ts`)) as { contender: Contender }
    server.on('request', await contender({ baseUrl, ...setup }))
    return baseUrl
  },
  /** @returns resident memory in bytes */
  residentMemory: (): number => process.memoryUsage.rss(),
  /** @returns CPU time of this process so far, in microseconds */
  cpuTime(): number {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  async beginProfile(): Promise<void> {
    finishProfile = await startProfile()
  },
  /** @param file where the profile shall be */
  async endProfile(file: string): Promise<void> {
    await finishProfile?.(file)
  },
}

export type ContenderCommands = typeof commands

answerParent(commands)
