/** What a span or a measurement is about: words of ours and numbers. Never a token, an email, a `sub` or a URL. */
export type Attributes = Record<string, string | number>

/** What is counted, with the words that the engine shows for it. */
export const counters = {
  'sso.sign_ins': 'Sign-ins that succeeded; each begins a session',
  'sso.sessions.ended': 'Sessions that ended, by what ended them',
  'sso.refusals': 'Sign-ins, calls and access tokens that were refused, by address and reason',
  'sso.refreshes': 'Renewals of tokens at Logto, by outcome',
  'sso.limits.hit': 'Requests that met a rate limit, by its name',
} as const

/** What goes up and down. */
export const levels = {
  'sso.redis.away': 'Whether this process can use Redis: 0 while it can, 1 while it is away',
  'sso.companies': 'Companies whose people go straight to their identity provider',
} as const

/** What is timed, in seconds. */
export const timers = {
  'sso.logto.request.duration': 'Calls to Logto, by what was called and what came of it',
  'sso.lease.wait.duration':
    'How long a request waited for another one to renew the same session, or finish the same sign-in',
} as const

/** Where spans and measurements go. */
export interface Telemetry {
  /** Does work in a span of its own, which ends with it and has the kind of its error, never the error's words. */
  span: <T>(name: string, attributes: Attributes, work: () => Promise<T>) => Promise<T>
  /** The same for a call to another server. @param failureOf the kind of an answer's error, if it is one */
  call: <T>(
    name: string,
    attributes: Attributes,
    work: () => Promise<T>,
    failureOf?: (answer: T) => string | undefined,
  ) => Promise<T>
  count: (name: keyof typeof counters, attributes: Attributes) => void
  change: (name: keyof typeof levels, by: number) => void
  time: (name: keyof typeof timers, seconds: number, attributes?: Attributes) => void
}

/** For a process that has no OpenTelemetry SDK. */
export const noTelemetry: Telemetry = {
  span: (_name, _attributes, work) => work(),
  call: (_name, _attributes, work) => work(),
  count() {},
  change() {},
  time() {},
}
