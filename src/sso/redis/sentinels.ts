import type { RedisClientType } from '@redis/client'
import { RedisAwayError } from './redis-away.ts'
import type { OpenOptions, RedisClient } from './redis-client.ts'
import { clientOf, openServer } from './redis-server.ts'
import { placeOf, urlAt } from './url-at.ts'
import { connectLimit, within } from './within.ts'

/** How often Sentinels are asked where the primary is, in milliseconds. */
const askedEvery = 1000

/**
 * Connects to the primary that Sentinels name, once. They go on being asked: an old primary that was cut off and comes
 * back takes writes that are lost, until a Sentinel tells it that it is a replica by now.
 *
 * @param url its host is the name of the primary
 * @throws why there is no connection
 */
export async function watchedPrimary(
  url: string,
  sentinels: readonly string[],
  options: OpenOptions,
): Promise<RedisClient> {
  const ask = askSentinels(new URL(url).hostname, sentinels, options.name)
  let isOver = false
  const end = () => {
    isOver = true
    ask.drop()
  }
  try {
    const address = await ask.primary()
    const server = await openServer(urlAt(url, address), {
      ...options,
      onLost: (error) => options.onLost(error, watched),
    })
    const watched: RedisClient = {
      ...server,
      async leave() {
        end()
        await server.leave()
      },
      drop() {
        end()
        server.drop()
      },
    }
    const look = async () => {
      if (isOver) return
      const now = await ask.primary().catch(() => address) // Sentinels that are away take no primary away
      if (isOver) return ask.drop()
      if (now === address) setTimeout(look, askedEvery).unref()
      else options.onLost(new RedisAwayError(`another server is the primary now: ${now}`), watched)
    }
    setTimeout(look, askedEvery).unref()
    return watched
  } catch (error) {
    end()
    throw error
  }
}

interface Known {
  /** Host and port. */
  address: string
  /** The number of the takeover that made it the primary: each has a greater one than all before. */
  epoch: number
}

/** Asks all Sentinels, since one that is cut off from the others goes on naming the primary that it knew. */
function askSentinels(primary: string, urls: readonly string[], name: string) {
  const all = urls.map((url) => askSentinel(primary, url, name))
  return {
    drop: () => all.forEach(({ drop }) => void drop()),
    /**
     * @returns host and port as of the newest takeover, and as most say where none is newer
     * @throws what a Sentinel said, where none knows
     */
    async primary(): Promise<string> {
      const answers = await Promise.allSettled(all.map(({ ask }) => ask()))
      const known = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
      const votes = ({ address }: Known) => known.filter((each) => each.address === address).length
      const [newest] = known.toSorted((one, other) => other.epoch - one.epoch || votes(other) - votes(one))
      if (newest) return newest.address
      throw answers.find((answer) => answer.status === 'rejected')?.reason
    },
  }
}

function askSentinel(primary: string, url: string, name: string) {
  let client: RedisClientType | undefined
  const drop = () => {
    if (client?.isOpen) client.destroy()
    client = undefined
  }

  async function asked(): Promise<Known> {
    if (!client?.isReady) {
      client = clientOf(url, name)
      client.on('error', () => {}) // the next question tells
      await client.connect()
    }
    const [answer, state] = await Promise.all([
      client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', primary]),
      client.sendCommand(['SENTINEL', 'MASTER', primary]).catch(() => undefined), // it may be forbidden
    ])
    if (!Array.isArray(answer)) throw new RedisAwayError(`Sentinels know no primary “${primary}”`)
    const [host, port] = answer.map(String)
    return { address: placeOf(host, port), epoch: epochIn(state) }
  }

  return {
    drop,
    async ask(): Promise<Known> {
      try {
        return await within(connectLimit / 2, asked())
      } catch (error) {
        drop()
        throw error
      }
    },
  }
}

const epochIn = (state: unknown) =>
  Number(/"config-epoch"[:,]"?(\d+)/.exec(JSON.stringify(state) ?? '')?.[1] ?? 0)
