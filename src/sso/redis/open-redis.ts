import type { RedisAddress } from '../../settings/values/redis-address.ts'
import type { OpenOptions, RedisClient } from './redis-client.ts'
import { openCluster } from './redis-cluster.ts'
import { openServer } from './redis-server.ts'
import { watchedPrimary } from './sentinels.ts'

/**
 * Connects once.
 *
 * @param address one Redis, a primary that Sentinels know, or some nodes of a cluster; one node is enough
 * @param before the connection that was lost: where all nodes have been replaced since, it knows others
 * @throws why there is no connection
 */
export async function openRedis(
  address: RedisAddress,
  options: OpenOptions,
  before?: RedisClient,
): Promise<RedisClient> {
  try {
    return await openAt(address, options)
  } catch (error) {
    const known = before?.known?.() ?? []
    if (known.length === 0) throw error
    return openCluster(known, options)
  }
}

async function openAt({ urls, sentinels = [] }: RedisAddress, options: OpenOptions): Promise<RedisClient> {
  const [url = ''] = urls
  if (sentinels.length > 0) return watchedPrimary(url, sentinels, options)
  if (urls.length > 1) return openCluster(urls, options)
  const server = await openServer(url, options)
  if (server.mode !== 'cluster') return server
  server.drop()
  return openCluster(urls, options)
}
