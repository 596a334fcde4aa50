import type { ServerResponse } from 'node:http'
import type { Request, RequestHandler } from 'express'
import type { Brand } from './pages/look.ts'

/** Who calls, and who is called: the servers of the sandbox, the app, and the browser of a person. */
export type Party = Brand | 'app' | 'browser'

/** One call, as the control room lists it: nothing in it is secret. */
export interface Call {
  /** Milliseconds since 1970. */
  at: number
  from: Party
  to: Party
  method: string
  path: string
  params: Param[]
  /** Undefined while there is no answer. */
  status: number | undefined
  /** Why there is no answer, or what an operator should know of it. */
  problem: string | undefined
  /** Where the answer sends the browser. */
  redirect: { address: string; params: readonly Param[] } | undefined
}

/** A parameter with what may be shown of its value. */
type Param = readonly [name: string, shown: string]

/** How a call ended that a server of the sandbox made. */
interface End {
  status: number | undefined
  problem?: string
}

export interface CallLog {
  /** The oldest first. */
  readonly calls: readonly Call[]
  /** Has the log call an origin by a name. */
  name(origin: string, name: string): void
  /** Middleware that records what a server is asked for. */
  recorder(server: Brand): RequestHandler
  /**
   * Records a call to the app.
   *
   * @param params what the log tells of it
   * @returns to be called with how it ended
   */
  sent(from: Brand, url: string, params: readonly Param[]): (end: End) => void
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

/** Addresses that are no part of a sign-in: the control room's own, and what programs ask about the servers. */
const LEFT_OUT =
  /^\/(sandbox\.css|favicon\.ico|control|api(?!\/authn)|oidc\/jwks|jwks|oauth2\/v1\/keys)(\/|$)|\/\.well-known\/|\/discovery\//

/** Who asks for an address that no browser asks for. */
const PROGRAMS: Record<Brand, { paths: RegExp; party: Party }> = {
  logto: { paths: /^\/oidc\/(token|me)(\/|$)/, party: 'app' },
  okta: { paths: /^\/oauth2\/v1\/(token|userinfo|introspect|revoke)$/, party: 'logto' },
  entra: { paths: /\/v2\.0\/token$|^\/oidc\/userinfo$/, party: 'logto' },
  openid: { paths: /^\/(token|me)$/, party: 'logto' },
  saml: { paths: /^\/metadata$/, party: 'logto' },
}

const answering = new WeakMap<ServerResponse, Call>()

/** Adds to the record of the call that is being answered. */
export function noteOnCall(
  res: ServerResponse,
  { grantType, problem }: { grantType?: string; problem?: string },
) {
  const call = answering.get(res)
  if (grantType) call?.params.push(['grant_type', grantType.slice(0, 60)])
  if (call && problem) call.problem = problem
}

/** @param servers their names, by origin; any other origin stands for itself */
export function createCallLog(servers: Readonly<Record<string, string>>): CallLog {
  const names = { ...servers }
  const calls: Call[] = []
  const add = (call: Omit<Call, 'at' | 'status' | 'problem' | 'redirect'>) => {
    const added = { at: Date.now(), status: undefined, problem: undefined, redirect: undefined, ...call }
    if (calls.push(added) > KEPT) calls.shift()
    return added as Call
  }
  return {
    calls,
    name(origin, name) {
      names[origin] = name
    },
    recorder: (server) => (req, res, next) => {
      const { pathname, searchParams } = new URL(req.originalUrl, 'http://localhost')
      if (LEFT_OUT.test(pathname) || (server === 'logto' && pathname === '/')) return next()
      const { paths, party } = PROGRAMS[server]
      const call = add({
        from: paths.test(pathname) ? party : 'browser',
        to: server,
        method: req.method,
        path: shownPath(pathname),
        params: shownParams(searchParams),
      })
      answering.set(res, call)
      res.once('finish', () => {
        call.status = res.statusCode
        call.redirect = destination(req, res.getHeader('location'), names)
      })
      next()
    },
    sent(from, url, params) {
      const path = URL.canParse(url) ? new URL(url).pathname : url
      const call = add({ from, to: 'app', method: 'POST', path: shownPath(path), params: [...params] })
      return (end) => void Object.assign(call, end)
    },
  }
}

function destination(
  req: Request,
  location: unknown,
  names: Readonly<Record<string, string>>,
): Call['redirect'] {
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
