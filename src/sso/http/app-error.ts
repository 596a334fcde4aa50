/** A way on, offered as a link: an absolute URL, and the words on it, by their key in the catalogues. */
export interface ErrorAction {
  href: string
  label: 'try_again' | 'sign_in' | 'somebody_else' | 'end_company'
  /** What stands in the words' gaps. */
  params?: Record<string, string>
}

/** What an `AppError` says, apart from the internal cause. */
export interface AppErrorDetails {
  /**
   * HTTP status of the answer. A fault of Logto's is a 503, never a 502 or a 504: proxies send pages of their own in
   * place of those (Cloudflare does), without the way on and the reference.
   */
  status: number
  /** Stable, machine-readable name of the fault, in snake_case; part of the JSON answer and of the log line. */
  code: string
  /**
   * What the person may read: a key under `errors` in the catalogues, where it says what happened and what helps.
   * The code itself, unless one code has several wordings.
   */
  words?: string
  /** What stands in the words' gaps. Never upstream text. */
  params?: Record<string, string | number>
  /** A way on, beside the link to the home page; `none` where that one leads nowhere either. */
  action?: ErrorAction | 'none'
  /** Further ways on, where that one may lead to the same end. */
  others?: readonly ErrorAction[]
  /** Extra response headers, such as `Allow` or `Retry-After`. */
  headers?: Record<string, string>
  /** What really happened; it goes to the log and nowhere else. */
  cause?: unknown
}

/**
 * The one kind of error a request may end with. Everything else that is thrown becomes one of these in the
 * error handler, so that what a person may read and what only the log may hold are never mixed up.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly status: number
  readonly words: string
  readonly params: Record<string, string | number>
  readonly code: string
  readonly action: ErrorAction | 'none' | undefined
  readonly others: readonly ErrorAction[]
  readonly headers: Record<string, string>

  constructor({
    status,
    code,
    words = code,
    params = {},
    action,
    others = [],
    headers = {},
    cause,
  }: AppErrorDetails) {
    const { stackTraceLimit } = Error
    // The log has no stack of a visitor's own mistake, and making one costs more than the rest of the answer.
    if (status < 500) Error.stackTraceLimit = 0
    super(code, cause === undefined ? undefined : { cause })
    Error.stackTraceLimit = stackTraceLimit
    this.status = status
    this.words = words
    this.params = params
    this.code = code
    this.action = action
    this.others = others
    this.headers = headers
  }
}

/** What was thrown, as an error: `next(undefined)` would mean "go on". @param otherwise says so where it is none */
export const asError = (thrown: unknown, otherwise: string): Error =>
  thrown instanceof Error ? thrown : new Error(otherwise, { cause: thrown })
