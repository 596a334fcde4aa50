import { startRedis } from '../redis.ts'
import { hammered } from './entrant.ts'
import { assertSamePage, signedInHome } from './pages.ts'
import type { Race } from './row.ts'

/** The signed-in home page with sessions in Redis, beside a peer that keeps them in its own memory. */
export const redisRow: Race = {
  id: 'redis',
  path: 'signed-in home page, Redis on this machine',
  reference: 'logto-express',
  reach: { app: { atLeast: 1.5 } },
  async entrants(bench) {
    const redis = await startRedis()
    if (!redis) return 'there is no `redis-server` here'
    bench.defer(redis.close)
    const peer = await bench.contender('logto-express')
    const app = await bench.contender('app', { redisUrl: redis.url })
    const [peerHome, appHome] = [await signedInHome(bench, peer), await signedInHome(bench, app)]
    if ((await redis.keys()) === 0) return 'this app keeps nothing in Redis yet'
    assertSamePage([peerHome, appHome])
    return [
      hammered(bench, peer, peerHome, `${peer.title}, memory store`),
      hammered(bench, app, appHome, `${app.title}, Redis`),
    ]
  },
}
