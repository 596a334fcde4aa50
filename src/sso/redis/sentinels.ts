import type { RedisClientType } from '@redis/client'
import { RedisAwayError } from './redis-away.ts'
import type { OpenOptions, RedisClient } from './redis-client.ts'
import { clientOf, openServer } from './redis-server.ts'
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
    const server = await openServer(at(url, address), {
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

/** @param address host and port */
function at(url: string, address: string): string {
  const there = new URL(url)
  there.host = address
  return there.href
}

/** Asks one Sentinel, and another one where it does not answer. */
function askSentinels(primary: string, urls: readonly string[], name: string) {
  let turn = Math.floor(Math.random() * urls.length)
  let client: RedisClientType | undefined
  const drop = () => {
    if (client?.isOpen) client.destroy()
    client = undefined
  }

  async function ask(): Promise<string> {
    if (!client?.isReady) {
      client = clientOf(urls[turn % urls.length] ?? '', name)
      client.on('error', () => {}) // the next question tells
      await client.connect()
    }
    const answer = await client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', primary])
    if (!Array.isArray(answer)) throw new RedisAwayError(`Sentinels know no primary “${primary}”`)
    const [host, port] = answer.map(String)
    return host?.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  }

  return {
    drop,
    /** @returns host and port. @throws what the last Sentinel said, or that it said nothing */
    async primary(): Promise<string> {
      for (let tries = 1; ; tries++) {
        try {
          return await within(connectLimit / 2, ask())
        } catch (error) {
          drop()
          turn++
          if (tries === urls.length) throw error
        }
      }
    },
  }
}
