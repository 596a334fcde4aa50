import { paths } from './addresses.ts'
import type { Handler } from './http/handler.ts'
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
