import type { RequestHandler } from 'express'

const LIMIT = 600
const WINDOW_SECONDS = 60

/** The headers in which Okta tells of its rate limit. The sandbox has none: nobody ever comes near this one. */
export const tellRateLimit: RequestHandler = (_req, res, next) => {
  res.set({
    'X-Rate-Limit-Limit': String(LIMIT),
    'X-Rate-Limit-Remaining': String(LIMIT - 1),
    'X-Rate-Limit-Reset': String(Math.floor(Date.now() / 1000) + WINDOW_SECONDS),
  })
  next()
}
