import { paths } from './addresses.ts'
import type { Handler } from './http/handler.ts'
import type { ErrorForm } from './views/error-page.ts'

/** One of our addresses: what may be asked for there, what is looked at before, and who answers. */
export interface Route {
  /** A path; one that ends with a slash has one part more, which the handler is given. */
  path: string
  methods: readonly string[]
  handle: Handler
  /** Who answers a POST, where that is somebody else. */
  post?: Handler
  /** How errors are answered; without it, as the request prefers. */
  errors?: ErrorForm
  /** What is counted by address: every request, or those that were refused, since what proves itself is never held up. */
  limit?: { of: 'requests' | 'refusals'; name: string }
  /** Looks at a request before its body is read, where a body may be large. */
  admit?: Handler
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
    | 'signIn'
    | 'signUp'
    | 'initiateLogin'
    | 'callback'
    | 'signOut'
    | 'backchannelLogout'
    | 'logtoWebhook'
    | 'globalTokenRevocation',
    Handler
  > &
    Record<'oktaWebhook', { admit: Handler; handle: Handler }> &
    Record<'asset' | 'language', Handler>
>

const form = 'application/x-www-form-urlencoded'
const kilobyte = 1024

/** THE table: every address of ours, for demo and host alike. What Logto and companies call proves itself, and needs no session. */
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
      handle: handle.signIn,
      post: handle.initiateLogin,
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
    {
      path: `${paths.oktaWebhook}/`,
      methods: ['GET', 'POST'],
      errors: 'json',
      // A thousand events, each with all that Okta's log says of it.
      body: { type: 'application/json', limit: 8192 * kilobyte },
      limit: { of: 'refusals', name: 'okta-webhook' },
      ...handle.oktaWebhook,
    },
    {
      path: paths.globalTokenRevocation,
      methods: ['POST'],
      errors: 'json',
      body: { type: 'application/json', limit: 16 * kilobyte },
      limit: { of: 'refusals', name: 'global-token-revocation' },
      handle: handle.globalTokenRevocation,
    },
    { path: `${paths.assets}/`, methods: ['GET', 'HEAD'], handle: handle.asset },
    { path: paths.language, methods: ['POST'], handle: handle.language },
  ]
}
