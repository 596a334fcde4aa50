import type { Request, RequestHandler, Response } from 'express'
import { paths } from './addresses.ts'
import type { Handler } from './http/handler.ts'
import { methodNotAllowed } from './http/request/allow-methods.ts'
import { askByBrowser, isLinkOpener } from './http/request/link-openers.ts'
import { refusePrefetch } from './http/request/refuse-prefetch.ts'
import { requestBody } from './http/request/request-body.ts'
import type { RateLimits } from './limits/rate-limits.ts'
import type { ErrorForm } from './views/error-page.ts'

/** One of our addresses: what may be asked for there, what is looked at before, and who answers. */
export interface Route {
  /** A path; one that ends with a slash has one part more, which the handler is given. */
  path: string
  methods: readonly string[]
  handle: Handler
  /** How errors are answered; without it, as the request prefers. */
  errors?: ErrorForm
  /** What is counted by address: every request, or those that were refused, since what proves itself is never held up. */
  limit?: { of: 'requests' | 'refusals'; name: string }
  /** The type and the most bytes of a body; for POST. */
  body?: { type: string; limit: number }
  /** Whether it begins or ends something: for browsers that somebody uses, at the host of BASE_URL. */
  browsers?: boolean
  canonical?: boolean
  prefetch?: false
  /** Whether it asks who is there. */
  session?: boolean
}

/** Who answers at each of our addresses. */
export type Handlers = Readonly<
  Record<
    'signIn' | 'signUp' | 'initiateLogin' | 'callback' | 'signOut' | 'backchannelLogout' | 'logtoWebhook',
    Handler
  > &
    Record<'asset' | 'language', Handler>
>

const form = 'application/x-www-form-urlencoded'
const kilobyte = 1024

/** THE table: every address of ours, for demo and host alike. Logto's calls prove themselves, and need no session. */
export function routeTable(handle: Handlers): Route[] {
  const begins = {
    browsers: true,
    canonical: true,
    prefetch: false,
    limit: { of: 'requests', name: 'sign-in' },
  } as const
  return [
    {
      path: paths.signIn,
      methods: ['GET', 'POST'],
      ...begins,
      // Three parameters of a login.
      body: { type: form, limit: 8 * kilobyte },
      handle: (req, res, name) =>
        (req.method === 'POST' ? handle.initiateLogin : handle.signIn)(req, res, name),
    },
    { path: `${paths.signIn}/`, methods: ['GET'], ...begins, handle: handle.signIn },
    { path: paths.signUp, methods: ['GET'], ...begins, handle: handle.signUp },
    {
      path: paths.callback,
      methods: ['GET'],
      prefetch: false,
      session: true,
      limit: { of: 'refusals', name: 'callback' },
      handle: handle.callback,
    },
    {
      path: paths.signOut,
      methods: ['GET', 'POST'],
      browsers: true,
      prefetch: false,
      session: true,
      handle: handle.signOut,
    },
    {
      path: paths.backchannelLogout,
      methods: ['POST'],
      errors: 'oauth',
      body: { type: form, limit: 16 * kilobyte },
      limit: { of: 'refusals', name: 'backchannel-logout' },
      handle: handle.backchannelLogout,
    },
    {
      path: paths.logtoWebhook,
      methods: ['POST'],
      errors: 'json',
      // All that Logto knows of a person.
      body: { type: 'application/json', limit: 256 * kilobyte },
      limit: { of: 'refusals', name: 'webhooks' },
      handle: handle.logtoWebhook,
    },
    { path: `${paths.assets}/`, methods: ['GET', 'HEAD'], handle: handle.asset },
    { path: paths.language, methods: ['POST'], handle: handle.language },
  ]
}

/** What the dispatch is handed. */
interface Around {
  /** Begins a request's record, and has its line be written at its end. */
  begin: (req: Request, res: Response) => void
  limits: RateLimits
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
  { begin, limits, hint, canonicalHost, setHeaders, identify, fail }: Around,
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
    answer().catch(async (error) => {
      const final = await refused(error, req, res)
      if (res.headersSent) next(final)
      else fail(final, req, res, route.errors, next)
    })
    return true

    async function answer(): Promise<void> {
      begin(req, res)
      setHeaders(res)
      hint(req)
      await counted(req, res)
      if (route.browsers && isLinkOpener(req)) return askByBrowser(res)
      if (!route.methods.includes(req.method)) throw methodNotAllowed(route.methods)
      if (route.prefetch === false) refusePrefetch(req)
      if (route.canonical && canonicalHost(req, res)) return
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
