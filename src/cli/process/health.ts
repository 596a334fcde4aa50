import { setTimeout } from 'node:timers/promises'
import { type RequestHandler, type Response, Router } from 'express'
import { allowMethods } from '../../sso/index.ts'

/** Milliseconds within which readiness is known, or is none: probes give up after a second or so. */
const patience = 1000

/**
 * What an orchestrator asks every few seconds: `/healthz`, whether the process can answer at all, and `/readyz`,
 * whether it should be sent visitors. A 503 here is an answer and no error, and has no error page.
 *
 * @param ready whether what the app depends on is there; raising, or not knowing in time, counts as no
 */
export function health(ready: () => boolean | Promise<boolean>): Router {
  const isReady = async () => {
    try {
      return await Promise.race([ready(), setTimeout(patience, false, { ref: false })])
    } catch {
      return false
    }
  }
  return Router()
    .all('/healthz', allowMethods('GET', 'HEAD'), routine, (_req, res) => tell(res, true))
    .all('/readyz', allowMethods('GET', 'HEAD'), routine, async (_req, res) => tell(res, await isReady()))
}

/** Keeps the answer out of the log that people read. */
const routine: RequestHandler = (_req, res, next) => {
  res.locals.routine = true
  next()
}

function tell(res: Response, well: boolean): void {
  res.status(well ? 200 : 503).json({ status: well ? 'ok' : 'unavailable' })
}
