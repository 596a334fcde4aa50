import type { Place } from '../companies/index.ts'
import type { Account } from './account/account.ts'
import type { Hooks } from './hooks.ts'
import type { Logger } from './http/logger.ts'
import type { SessionBackend } from './session/backend/session-backend.ts'
import type { Looks } from './views/views.ts'

/** What a host hands over: where lines go, what it wants to hear of, and what pages look like. */
export interface Options extends Hooks, Looks<Account> {
  /** pino, or any object with `info`, `warn`, `error` and `child`. */
  logger: Logger
  /**
   * Which errors are answered here: `own`, what guards refuse and what goes wrong at our addresses, unless told
   * otherwise; `none`, where the app's own handler answers these too; `all` errors that reach `sso.errors`.
   */
  errors?: 'own' | 'none' | 'all'
  /** Where sessions live; at `REDIS_URL`, or else in this process's memory, unless told otherwise. */
  backend?: SessionBackend
  /** Where companies live that come while the app runs; where sessions do, or in `COMPANIES_FILE`, unless told otherwise. */
  companies?: Place
  /** How Logto is called, in place of Node.js's HTTP client; behind a proxy, in place of the platform's `fetch`. */
  fetch?: typeof fetch
}
