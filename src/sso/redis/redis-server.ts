import { createClient, ErrorReply, type RedisClientType } from '@redis/client'
import type { OpenOptions, RedisClient } from './redis-client.ts'
import { rehearsal } from './rehearsal.ts'
import { connectLimit, leaveInTime, within } from './within.ts'

/** A client of one server, which says whether it is a node of a cluster. */
export interface ServerClient extends RedisClient {
  readonly mode: string
}

/** Connects to one server, once. @throws why there is no connection */
export async function openServer(url: string, { name, onLost }: OpenOptions): Promise<ServerClient> {
  const client = clientOf(url, name)
  const drop = () => {
    if (client.isOpen) client.destroy()
  }
  let mode = 'standalone'
  const open: ServerClient = {
    commands: client,
    isCluster: false,
    get mode() {
      return mode
    },
    send: (_key, command) => client.sendCommand(command),
    nodes: (prefix) => [{ at: new URL(url).host, rehearse: () => rehearsal(client, `${prefix}rehearsal`) }],
    info: () => client.info('server'),
    isReady: () => client.isReady,
    leave: async () => (client.isReady ? leaveInTime(() => client.close(), drop) : drop()),
    drop,
  }
  client.on('error', (error) => onLost(error, open))
  try {
    await within(connectLimit, client.connect())
    mode = await within(connectLimit, modeOf(client))
    return open
  } catch (error) {
    drop()
    throw error
  }
}

/** A client that is not connected yet, and connects once. */
export const clientOf = (url: string, name: string): RedisClientType =>
  createClient({
    url,
    name,
    disableOfflineQueue: true,
    socket: { connectTimeout: connectLimit, reconnectStrategy: false },
  })

/** What HELLO says, which everybody may ask. */
async function modeOf(client: RedisClientType): Promise<string> {
  try {
    return (await client.hello()).mode
  } catch (error) {
    if (error instanceof ErrorReply) return 'standalone' // its first command will say what is wrong
    throw error
  }
}
