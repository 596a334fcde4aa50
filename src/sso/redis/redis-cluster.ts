import { createCluster } from '@redis/client'
import { RedisAwayError, RedisRefusesError } from './redis-away.ts'
import type { OpenOptions, RedisClient } from './redis-client.ts'
import { rehearsal } from './rehearsal.ts'
import { placeOf, urlAt } from './url-at.ts'
import { commandLimit, connectLimit, leaveInTime, within } from './within.ts'

/**
 * Connects to a cluster, once: to a node that knows the others, and to each of these when it is first asked. So a node
 * that is gone keeps nobody from the others. The client follows slots that move (MOVED, ASK) by itself.
 *
 * @param urls some of its nodes; user, password and TLS are those of the first one, for all nodes
 * @throws why there is no connection
 */
export async function openCluster(
  urls: readonly string[],
  { name, onLost }: OpenOptions,
): Promise<RedisClient> {
  const [{ protocol, username, password }] = [new URL(urls[0] ?? '')]
  const socket = { connectTimeout: connectLimit, reconnectStrategy: false } as const
  const cluster = createCluster({
    // A node that hangs is passed over: it has to say at once where the others are.
    rootNodes: urls.map((url) => ({ url, socket: { socketTimeout: commandLimit } })),
    defaults: {
      name,
      disableOfflineQueue: true,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      socket: protocol === 'rediss:' ? { ...socket, tls: true } : socket,
    },
    minimizeConnections: true,
  })
  const drop = () => {
    if (cluster.isOpen) cluster.destroy()
  }
  const open: RedisClient = {
    commands: cluster,
    isCluster: true,
    send: (key, command) => cluster.sendCommand(key, false, command),
    nodes: (prefix) => [
      ...(cluster.slots.includes(undefined as never) ? [nowhere] : []),
      ...cluster.masters.map((node) => ({
        at: node.address,
        rehearse: () =>
          rehearsal(
            cluster,
            keyAt(prefix, (slot) => cluster.slots[slot]?.master === node),
          ),
      })),
    ],
    known: () => cluster.masters.map(({ host, port }) => urlAt(urls[0] ?? '', placeOf(host, port))),
    info: async () => (await cluster.nodeClient(cluster.getRandomNode())).info('server'),
    isReady: () => cluster.isReady,
    leave: () => leaveInTime(() => cluster.close(), drop),
    drop,
  }
  let said: unknown
  cluster.on('error', (error) => {
    said = error
    onLost(error, open)
  })
  cluster.on('node-error', (cause, { host, port }) =>
    onLost(new RedisAwayError(`no connection to ${host}:${port}, which a node announces`, { cause }), open),
  )
  try {
    await within(connectLimit * 2, cluster.connect())
    return open
  } catch (error) {
    drop()
    throw said ?? error
  }
}

/** In place of a server, for slots that none has. */
const nowhere = {
  at: 'no node',
  rehearse: () =>
    Promise.reject(new RedisRefusesError('CLUSTERDOWN', 'Some hash slots are served by no node')),
}

/** A key for a rehearsal, of a slot that is told. */
function keyAt(prefix: string, isThere: (slot: number) => boolean): string {
  for (let at = 0; at < 16_384; at++) {
    const key = `${prefix}rehearsal:${at}`
    if (isThere(slotOf(key))) return key
  }
  return `${prefix}rehearsal`
}

/** The hash slot of a key without braces (Redis Cluster specification, "Key distribution model"): CRC-16/XMODEM of it. */
function slotOf(key: string): number {
  let crc = 0
  for (const byte of Buffer.from(key)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  }
  return crc & 0x3fff
}
