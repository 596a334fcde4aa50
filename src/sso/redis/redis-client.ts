import { createClient, type RedisClientType } from '@redis/client'
import { RedisAwayError } from './redis-away.ts'

/** Limit of one command, in milliseconds. A request runs a few after one another and answers within two seconds. */
export const commandLimit = 500
/** Limit of one try to connect, in milliseconds. */
const connectLimit = 1000

/**
 * Connects once: a connection that is lost stays lost, for whoever opened it decides what comes next.
 *
 * @param onError is called when it is lost, with the client
 * @throws why there is no connection
 */
export async function openClient(
  url: string,
  onError: (error: unknown, client: RedisClientType) => void,
): Promise<RedisClientType> {
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: connectLimit, reconnectStrategy: false },
  })
  client.on('error', (error) => onError(error, client))
  try {
    await within(connectLimit, client.connect())
    return client
  } catch (error) {
    drop(client)
    throw error
  }
}

/** Lets what was sent finish, for a moment, and disconnects. */
export async function leave(client: RedisClientType): Promise<void> {
  const late = setTimeout(() => drop(client), commandLimit)
  if (client.isReady)
    await client.close().catch(() => {}) // cut off, then
  else drop(client)
  clearTimeout(late)
}

export function drop(client: RedisClientType): void {
  if (client.isOpen) client.destroy()
}

/** @param late is called where there is no answer in time */
export async function within<T>(limit: number, answer: Promise<T>, late?: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let lastLook: NodeJS.Immediate | undefined
  const tooSlow = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // Where this process was busy, the answer may be here unread: sockets are read between timers and immediates.
      lastLook = setImmediate(() => {
        late?.()
        reject(new RedisAwayError(`no answer within ${limit} ms`))
      })
    }, limit)
  })
  return Promise.race([answer, tooSlow]).finally(() => {
    clearTimeout(timer)
    clearImmediate(lastLook)
  })
}
