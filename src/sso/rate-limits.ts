import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import { type AugmentedRequest, ipKeyGenerator, rateLimit, type Store } from 'express-rate-limit'
import { LRUCache } from 'lru-cache'
import { AppError } from './http/app-error.ts'
import { describeError } from './http/describe-error.ts'
import type { Logger } from './http/logger.ts'
import { visitorAddress } from './http/request/visitor.ts'
import { redisStore, type SharedCounts } from './redis/redis-counts.ts'
import type { Telemetry } from './telemetry/telemetry.ts'

const minute = 60_000

/** What the limits need beside the setting. */
interface Dependencies {
  logger: Logger
  /** Where several processes count together; without it each counts for itself. */
  shared?: SharedCounts | undefined
  telemetry: Pick<Telemetry, 'count'>
}

/** Limits by address, each under a name of its own. Over the limit, they raise a 429 with `Retry-After` (RFC 6585 §4). */
export interface RateLimits {
  /** Middleware that counts every request. For where nothing tells a good request from a bad one. */
  ofRequests: (name: string) => RequestHandler
  /**
   * An error handler that counts what was refused before it, for where a request proves itself: by a signature, or by
   * an attempt that this browser began. Behind one address there may be Logto or a whole company: what proves itself
   * is never held up by what does not.
   */
  ofRefusals: (name: string) => ErrorRequestHandler
}

/**
 * Limits of requests by address. Whoever cannot be counted is let through: a limit protects the app, and must not
 * be what keeps people out.
 *
 * @param config.rateLimit how many a minute and address; 0 for no limit
 */
export function rateLimits(
  { rateLimit: limit }: { readonly rateLimit: number },
  { logger, shared, telemetry }: Dependencies,
): RateLimits {
  const storeFor = shared ? redisStore(shared, logger) : memoryStore
  const ofRequests = (name: string): RequestHandler => {
    if (limit === 0) return (_req, _res, next) => next()
    return rateLimit({
      limit,
      windowMs: minute,
      store: storeFor(name),
      keyGenerator: countedAddress,
      passOnStoreError: true,
      legacyHeaders: false,
      standardHeaders: false,
      logger: logOfTheLibrary(logger),
      handler(req, _res, next) {
        telemetry.count('sso.limits.hit', { limit: name })
        next(tooMany((req as AugmentedRequest).rateLimit?.resetTime))
      },
    })
  }
  return {
    ofRequests,
    ofRefusals(name) {
      const count = ofRequests(name)
      return (error, req, res, next) => {
        if (!isMistake(error)) return next(error)
        count(req, res, (tooManyError) => next(tooManyError ?? error))
      }
    },
  }
}

/** Whether whoever asked is to blame, as errors of ours, of Express and of its parsers say. */
const isMistake = ({ status = 500 }: { status?: number }) => status < 500

/** Whom a request counts for: the visitor, of IPv6 the /64 network that a household or a company has whole. */
function countedAddress(req: Request): string {
  const address = visitorAddress(req)
  return address === undefined ? 'unknown' : ipKeyGenerator(address, 64)
}

function tooMany(resetTime = new Date(Date.now() + minute)): AppError {
  const seconds = Math.max(1, Math.ceil((resetTime.getTime() - Date.now()) / 1000))
  return new AppError({
    status: 429,
    code: 'too_many_requests',
    params: { count: seconds },
    headers: { 'Retry-After': String(seconds) },
  })
}

/** The library prints to the console what it finds misconfigured; it belongs in the log. */
function logOfTheLibrary(logger: Logger) {
  // What a store raises was said once by whoever made the store.
  const level = (error: unknown) => (isConfigurationFault(error) ? 'error' : 'debug')
  const write = (error: unknown, message = 'rate limits') =>
    logger[level(error)]?.({ err: describeError(error) }, message)
  return { warn: write, error: write }
}

function isConfigurationFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(ERR|WRN)_ERL_/.test(String(error.code))
}

/** Addresses whose requests are counted at the same time; some 200 bytes each. */
const maximumCounted = 25_000

/**
 * Counts of requests by address, in this process's memory. The library's own store keeps every address it meets
 * for one to two minutes; this one forgets who was not seen for longest when there are too many.
 */
export function memoryStore(): Store {
  // For `max` entries the library makes room at once, in each of these; for `maxSize`, as they come.
  const counts = new LRUCache<string, { totalHits: number; resetTime: Date }>({
    maxSize: maximumCounted,
    sizeCalculation: () => 1,
  })
  let window = 0
  return {
    localKeys: true,
    init({ windowMs }) {
      window = windowMs
    },
    increment(key) {
      const now = Date.now()
      const known = counts.get(key)
      if (known && known.resetTime.getTime() > now) {
        known.totalHits += 1
        return known
      }
      const first = { totalHits: 1, resetTime: new Date(now + window) }
      counts.set(key, first)
      return first
    },
    decrement(key) {
      const known = counts.get(key)
      if (known) known.totalHits -= 1
    },
    resetKey(key) {
      counts.delete(key)
    },
  }
}
