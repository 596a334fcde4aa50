import type { Request, RequestHandler, Response } from 'express'
import { asError } from './http/app-error.ts'
import { methodNotAllowed } from './http/request/allow-methods.ts'
import { requestBody } from './http/request/request-body.ts'
import { askByBrowser, isLinkOpener, refusePrefetch } from './http/request/visitor.ts'
import type { RateLimits } from './rate-limits.ts'
import { type Around, beginRecord, logAtEnd } from './request.ts'
import type { Route } from './routes.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import type { ErrorForm } from './views/error-page.ts'

/** What the dispatch is handed. */
interface Steps {
  /** What the records of requests have in common. */
  around: Around
  limits: RateLimits
  /** Does the work of one address in a span of its own. */
  span?: Telemetry['span'] | undefined
  /** Looks at every request. */
  hint?: ((req: Request) => void) | undefined
  /** Whether the browser was sent on to the host of BASE_URL. */
  canonicalHost: (req: Request, res: Response) => boolean
  setHeaders: (res: Response) => void
  /** Finds out who is there. @returns undefined where there is nothing to wait for */
  identify: (req: Request) => Promise<void> | undefined
  /** Sees to it that their tokens are fresh. */
  refresh: (req: Request) => Promise<void> | undefined
  /** Sends a browser home that comes back from Logto's end of a sign-out. @returns whether it is one */
  bringHome: (req: Request, res: Response) => boolean
  /** Answers with an error. */
  fail: (
    error: unknown,
    req: Request,
    res: Response,
    form: ErrorForm | undefined,
    next: (e: unknown) => void,
  ) => void
}

/**
 * Answers the requests for the addresses of a table, errors included. Every other one goes on, once it is known who is
 * there.
 *
 * @param baseUrl says where it has to be mounted
 */
export function dispatch(
  table: readonly Route[],
  baseUrl: string,
  { around, limits, span, hint, canonicalHost, setHeaders, identify, refresh, bringHome, fail }: Steps,
): RequestHandler {
  const isMounted = mountedAt(baseUrl)
  // Addresses of one name are counted together.
  const counters = new Map<string, RequestHandler>()
  const ofRequests = (name: string) => {
    const counter = counters.get(name) ?? limits.ofRequests(name)
    counters.set(name, counter)
    return counter
  }
  const prepared = table.map((route) => prepare(route, { ...limits, ofRequests }))
  const byPath = new Map(prepared.map((each) => [each.route.path, each]))
  const below = prepared.filter(({ route }) => route.path.endsWith('/'))

  /** Paths are the same in any case and with a slash at their end, as Express has it. */
  function find({ url }: Request) {
    const end = url.indexOf('?')
    const path = end < 0 ? url : url.slice(0, end)
    const plain = path.toLowerCase().replace(/(?<=.)\/$/, '')
    const exact = byPath.get(plain)
    if (exact) return { at: exact, name: '' }
    const found = below.find(({ route }) => plain.startsWith(route.path))
    if (!found) return undefined
    const name = path.replace(/\/$/, '').slice(found.route.path.length)
    return name === '' || name.includes('/') ? undefined : { at: found, name }
  }

  return (req, res, next) => {
    const record = beginRecord(req, around)
    isMounted(req)
    const found = find(req)
    if (!found) return goOn()
    const { name, at } = found
    const { route, counted, read, refused } = at
    const answered = span ? span(`sso ${route.path}`, { 'http.route': route.path }, answer) : answer()
    answered
      .catch(async (error) => {
        const final = await refused(error, req, res)
        if (res.headersSent) next(final)
        else fail(final, req, res, route.errors, next)
      })
      // A page of the host's that fails, say: a promise that nobody handles would end the process.
      .catch((fault) => next(asError(fault, 'an error could not be answered')))

    function goOn(): void {
      hint?.(req)
      // Logto brings back the state that it was sent.
      if (req.url.includes('state=') && bringHome(req, res)) return
      const reading = identify(req)
      if (reading) reading.then(() => refresh(req)).then(() => next(), next)
      else next()
    }

    async function answer(): Promise<void> {
      record.address = route.path
      logAtEnd(req, res, around)
      setHeaders(res)
      hint?.(req)
      await counted(req, res)
      if (route.browsers && isLinkOpener(req)) return askByBrowser(res)
      if (!route.methods.includes(req.method)) throw methodNotAllowed(route.methods)
      if (route.prefetch === false) refusePrefetch(req)
      if (route.canonical && canonicalHost(req, res)) return
      await route.admit?.(req, res, name)
      if (req.method === 'POST') await read(req, res)
      if (route.session) await identify(req)
      const handle = req.method === 'POST' ? (route.post ?? route.handle) : route.handle
      await handle(req, res, name)
    }
  }
}

type Step = (req: Request, res: Response) => Promise<void>

function prepare(route: Route, limits: RateLimits) {
  const { limit, body } = route
  const refusals = limit?.of === 'refusals' ? limits.ofRefusals(limit.name) : undefined
  return {
    route,
    counted: inTurn(limit?.of === 'requests' ? [limits.ofRequests(limit.name)] : []),
    read: inTurn(body ? requestBody(body.type, body.limit) : []),
    /** Counts a refusal. @returns what to answer with: that there were too many, or the same */
    refused: (error: unknown, req: Request, res: Response): Promise<unknown> =>
      new Promise((resolve) => (refusals ? refusals(error, req, res, resolve) : resolve(error))),
  }
}

/** Middleware as one step, which is done when each has called on. */
function inTurn(handlers: readonly RequestHandler[]): Step {
  return async (req, res) => {
    for (const handler of handlers) {
      await new Promise<void>((resolve, reject) => {
        handler(req, res, (error?: unknown) => (error ? reject(error) : resolve()))
      })
    }
  }
}

/** Says where the routes have to be mounted, where they are not: Logto would send people back to another address. */
function mountedAt(baseUrl: string): (req: Request) => void {
  const { pathname } = new URL(baseUrl)
  const expected = pathname === '/' ? '' : pathname
  const how = expected === '' ? 'app.use(sso.routes)' : `app.use('${expected}', sso.routes)`
  return (req) => {
    if (req.baseUrl.toLowerCase() === expected.toLowerCase()) return
    throw new Error(
      `sso.routes is mounted at ${req.baseUrl || '/'}, and BASE_URL is ${baseUrl}: write ${how}, or correct BASE_URL`,
    )
  }
}
