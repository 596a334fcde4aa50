import type { Request, RequestHandler, Response } from 'express'
import { methodNotAllowed } from './http/request/allow-methods.ts'
import { requestBody } from './http/request/request-body.ts'
import { askByBrowser, isLinkOpener, refusePrefetch } from './http/request/request-kind.ts'
import type { RateLimits } from './limits/rate-limits.ts'
import type { Route } from './routes.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import type { ErrorForm } from './views/error-page.ts'

/** What the dispatch is handed. */
interface Around {
  /** Begins a request's record, and has its line be written at its end. */
  begin: (req: Request, res: Response, address: string) => void
  limits: RateLimits
  span: Telemetry['span']
  /** Looks at every request of ours. */
  hint: (req: Request) => void
  /** Whether the browser was sent on to the host of BASE_URL. */
  canonicalHost: (req: Request, res: Response) => boolean
  setHeaders: (res: Response) => void
  /** Finds out who is there. */
  identify: (req: Request) => Promise<void> | undefined
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
 * Answers the requests for the addresses of a table, errors included, and lets every other one go on.
 *
 * @returns a function that tells whether the request was for one of them
 */
export function dispatch(
  table: readonly Route[],
  { begin, limits, span, hint, canonicalHost, setHeaders, identify, fail }: Around,
): (req: Request, res: Response, next: (error?: unknown) => void) => boolean {
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
    if (exact) return { ...exact, name: '' }
    const found = below.find(({ route }) => plain.startsWith(route.path))
    if (!found) return undefined
    const name = path.replace(/\/$/, '').slice(found.route.path.length)
    return name === '' || name.includes('/') ? undefined : { ...found, name }
  }

  return (req, res, next) => {
    const found = find(req)
    if (!found) return false
    const { route, name, counted, read, refused } = found
    span(`sso ${route.path}`, { 'http.route': route.path }, answer).catch(async (error) => {
      const final = await refused(error, req, res)
      if (res.headersSent) next(final)
      else fail(final, req, res, route.errors, next)
    })
    return true

    async function answer(): Promise<void> {
      begin(req, res, route.path)
      setHeaders(res)
      hint(req)
      await counted(req, res)
      if (route.browsers && isLinkOpener(req)) return askByBrowser(res)
      if (!route.methods.includes(req.method)) throw methodNotAllowed(route.methods)
      if (route.prefetch === false) refusePrefetch(req)
      if (route.canonical && canonicalHost(req, res)) return
      await route.admit?.(req, res, name)
      if (req.method === 'POST') await read(req, res)
      if (route.session) await identify(req)
      await route.handle(req, res, name)
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
export function mountedAt(baseUrl: string): (req: Request) => void {
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
