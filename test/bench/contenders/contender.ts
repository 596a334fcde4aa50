import type { RequestListener } from 'node:http'

/** A Logto, real enough, and the application to sign in through. */
export interface LogtoSetup {
  endpoint: string
  appId: string
  appSecret: string
}

/** What every contender is given, and all that it is given. */
export interface Setup {
  /** Where it listens, without a trailing slash. */
  baseUrl: string
  logto: LogtoSetup
  /** Keep sessions in this Redis, for a contender that can. */
  redisUrl?: string
}

/** Makes the contender's server. */
export type Contender = (setup: Setup) => RequestListener | Promise<RequestListener>

/** Signs cookies; the same for all. */
export const cookieSecret = 'a-secret-for-the-benchmark-0123456789-abcdef'
