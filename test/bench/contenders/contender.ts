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
  /** Whose home page it shows: the demo's, or that of a small app of one's own. */
  page: 'demo' | 'host'
  /** Keep sessions in this Redis, for a contender that can. */
  redisUrl?: string
  /** Settings of this app, besides. */
  settings?: Record<string, string>
}

/** Makes the contender's server. */
export type Contender = (setup: Setup) => RequestListener | Promise<RequestListener>

/** What an API route answers a script that is not signed in, with status 401. */
export const refusal = { error: { code: 'not_signed_in', message: 'Sign in first.', reference: '0' } }

/** Signs cookies; the same for all. */
export const cookieSecret = 'a-secret-for-the-benchmark-0123456789-abcdef'
