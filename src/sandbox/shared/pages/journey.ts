import type { Request, RequestHandler } from 'express'
import type { Brand } from './pages.ts'

/** One request of a sign-in, as the control room shows it: nothing in it is secret. */
export interface Hop {
  /** Milliseconds since 1970. */
  at: number
  server: Brand
  method: string
  path: string
  params: readonly Param[]
  /** Undefined while there is no answer. */
  status: number | undefined
  /** Where the answer sends the browser. */
  to: { address: string; params: readonly Param[] } | undefined
}

/** A parameter with what may be shown of its value. */
type Param = readonly [name: string, shown: string]

export interface Journey {
  /** The oldest first. */
  readonly hops: readonly Hop[]
  /** Middleware that records what a server is asked for. */
  recorder(server: Brand): RequestHandler
}

const KEPT = 60

/** Parameters that say where a sign-in goes and why. The values of all others are cut: codes, states, tokens, hints. */
const SHOWN = new Set([
  'app_id',
  'client_id',
  'code_challenge_method',
  'direct_sign_in',
  'error',
  'fallback',
  'first_screen',
  'fromURI',
  'iss',
  'login_hint',
  'max_age',
  'post_logout_redirect_uri',
  'prompt',
  'redirect_uri',
  'response_type',
  'scope',
  'target_link_uri',
  'ui_locales',
])

/** Pages that are not on the way: the control room's own, and what programs ask about the servers. */
const BESIDE =
  /^\/(sandbox\.css|favicon\.ico|journey|control|api|oidc\/jwks|oauth2\/v1\/keys)(\/|$)|\/\.well-known\//

/** @param names of the servers, by origin; any other origin stands for itself */
export function createJourney(names: Readonly<Record<string, string>>): Journey {
  const hops: Hop[] = []
  return {
    hops,
    recorder: (server) => (req, res, next) => {
      const { pathname, searchParams } = new URL(req.originalUrl, 'http://localhost')
      if (BESIDE.test(pathname) || (server === 'logto' && pathname === '/')) return next()
      const hop: Hop = {
        at: Date.now(),
        server,
        method: req.method,
        path: shownPath(pathname),
        params: shownParams(searchParams),
        status: undefined,
        to: undefined,
      }
      hops.push(hop)
      if (hops.length > KEPT) hops.shift()
      res.once('finish', () => {
        hop.status = res.statusCode
        hop.to = destination(req, res.getHeader('location'), names)
      })
      next()
    },
  }
}

function destination(req: Request, location: unknown, names: Readonly<Record<string, string>>): Hop['to'] {
  const here = `http://${req.headers.host}`
  if (typeof location !== 'string' || !URL.canParse(location, here)) return undefined
  const { origin, pathname, searchParams } = new URL(location, here)
  return { address: `${names[origin] ?? origin} ${shownPath(pathname)}`, params: shownParams(searchParams) }
}

/** IDs of interactions are as long as secrets, and cut like them. */
const shownPath = (path: string) => path.replace(/(?<=\/)[\w-]{20,}(?=\/|$)/g, '…').slice(0, 200)

function shownParams(params: URLSearchParams): Param[] {
  return [...params].slice(0, 30).map(([name, value]) => {
    const shown = SHOWN.has(name) ? (value.length > 120 ? `${value.slice(0, 120)}…` : value) : '…'
    return [name.slice(0, 60), shown] as const
  })
}
