/** Raised when Redis is no use now: not connected, too slow, or it says so itself. */
export class RedisAwayError extends Error {
  override readonly name: string = 'RedisAwayError'
}

/** Raised when Redis answers that it cannot do this now. Something else, such as a plain read, it may do. */
export class RedisRefusesError extends RedisAwayError {
  override readonly name = 'RedisRefusesError'
  /** The reply's code, such as `READONLY`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
