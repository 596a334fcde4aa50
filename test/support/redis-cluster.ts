import { vi } from 'vitest'
import { freePorts } from './free-ports.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

/** A node of a cluster. */
export interface ClusterNode extends RedisServer {
  /** Its ID in the cluster. */
  id: string
}

/** A real cluster on loopback: primaries, and a replica of each if told so. */
export interface RedisCluster {
  /** As REDIS_URL has it. */
  url: string
  primaries: ClusterNode[]
  /** Moves a slot from a primary to another one. @param meanwhile is done when the keys have moved and the slot has not */
  move: (slot: string, from: ClusterNode, to: ClusterNode, meanwhile: () => Promise<unknown>) => Promise<void>
  close: () => Promise<void>
}

const slotCount = 16_384
const inTime = (isSo: () => Promise<boolean>) => vi.waitUntil(isSo, { timeout: 30_000, interval: 20 })

/**
 * Starts a cluster of three primaries and waits until it serves.
 *
 * @param options.replicated whether each has a replica, which takes over
 * @param options.nodeTimeout silence after which a node is taken for gone, in milliseconds
 */
export async function startCluster({ replicated = false, nodeTimeout = 1000 } = {}): Promise<RedisCluster> {
  const count = replicated ? 6 : 3
  const ports = await freePorts(2 * count)
  const nodes = await Promise.all(
    ports.slice(0, count).map(async (port, at): Promise<ClusterNode> => {
      const bus = String(ports[count + at])
      const cluster = ['--cluster-enabled', 'yes', '--cluster-port', bus]
      const timing = ['--cluster-node-timeout', String(nodeTimeout), '--repl-diskless-sync-delay', '0']
      const server = await startRedis({ port, more: [...cluster, ...timing] })
      return { ...server, id: String(await server.command('CLUSTER', 'MYID')) }
    }),
  )
  const close = async () => {
    await Promise.all(nodes.map((node) => node.close()))
  }
  const primaries = nodes.slice(0, 3)
  try {
    await join(nodes, primaries, ports.slice(count))
  } catch (error) {
    await close()
    throw error
  }

  return {
    url: primaries.map(({ url }) => url).join(','),
    primaries,
    async move(slot, from, to, meanwhile) {
      await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id)
      await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id)
      const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, '1000')) as string[]
      if (keys.length > 0)
        await from.command('MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys)
      await meanwhile()
      for (const node of [to, from]) await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', to.id)
    },
    close,
  }
}

/** Makes one cluster of nodes that know nothing of each other, and waits until it serves. */
async function join(nodes: ClusterNode[], primaries: ClusterNode[], buses: number[]): Promise<void> {
  const replicas = nodes.slice(primaries.length)
  const share = Math.ceil(slotCount / primaries.length)
  await Promise.all(
    nodes.map(async ({ command }, at) => {
      await command('CLUSTER', 'SET-CONFIG-EPOCH', String(at + 1))
      if (at >= primaries.length) return
      const last = Math.min(slotCount, (at + 1) * share) - 1
      await command('CLUSTER', 'ADDSLOTSRANGE', String(at * share), String(last))
    }),
  )
  for (const [at, { port }] of nodes.entries())
    await nodes[0]?.command('CLUSTER', 'MEET', '127.0.0.1', String(port), String(buses[at]))
  const isKnown = async ({ command }: ClusterNode) =>
    String(await command('CLUSTER', 'NODES')).match(/ connected/g)?.length === nodes.length
  await inTime(async () => (await Promise.all(nodes.map(isKnown))).every(Boolean))
  await Promise.all(
    replicas.map(({ command }, at) => command('CLUSTER', 'REPLICATE', primaries[at]?.id ?? '')),
  )
  for (const { command } of replicas)
    await inTime(async () => /master_link_status:up/.test(String(await command('INFO', 'replication'))))
  for (const { command } of nodes)
    await inTime(async () => /cluster_state:ok/.test(String(await command('CLUSTER', 'INFO'))))
}
