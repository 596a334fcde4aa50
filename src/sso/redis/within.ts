import { RedisAwayError } from './redis-away.ts'

/** Limit of one command, in milliseconds. A request runs a few after one another and answers within two seconds. */
export const commandLimit = 500
/** Limit of one try to connect, in milliseconds. */
export const connectLimit = 1000

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

/** Lets what was sent finish, for a moment, and disconnects. */
export async function leaveInTime(close: () => Promise<unknown>, drop: () => void): Promise<void> {
  const late = setTimeout(drop, commandLimit)
  await close().catch(() => {}) // cut off, then
  clearTimeout(late)
}
