import { z } from 'zod'
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

const method = z.custom((value) => typeof value === 'function', 'is no function')
const words = z.record(z.string(), z.unknown()).optional()

const shape = z.strictObject({
  logger: z.looseObject({ info: method, warn: method, error: method, child: method }),
  onSignedIn: method.optional(),
  onSessionEnded: method.optional(),
  words: z.strictObject({ en: words, ja: words }).optional(),
  style: z.string().optional(),
  pages: z.strictObject({ error: method.optional(), 'sign-out': method.optional() }).optional(),
  errors: z.enum(['own', 'none', 'all']).optional(),
  backend: z.unknown().optional(),
  companies: z.unknown().optional(),
  fetch: method.optional(),
} satisfies Record<keyof Options, z.ZodType>)

/** Looks at what no compiler has looked at, in a host in JavaScript. @throws TypeError that names each fault */
export function checkOptions(options: unknown): void {
  const { error } = shape.safeParse(options)
  if (error) throw new TypeError(`the options of single sign-on are wrong:\n${z.prettifyError(error)}`)
}
