import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from '../processes/commands.ts'
import { instantIssuer } from './issuer.ts'

/** The issuer's process. */
const commands = {
  /** @returns its endpoint, as `LOGTO_ENDPOINT` wants it */
  async serve(): Promise<string> {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', await instantIssuer(endpoint))
    return endpoint
  },
}

export type IssuerCommands = typeof commands

answerParent(commands)
