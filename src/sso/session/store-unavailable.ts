import { AppError, type ErrorAction } from '../http/app-error.ts'

/**
 * What a page says that needs to know who is there, while that cannot be looked up.
 *
 * @param cause why the store does not answer
 * @param action a way on, if there is one but to wait
 */
export function storeUnavailable(cause: unknown, action?: ErrorAction): AppError {
  return new AppError({
    status: 503,
    code: 'sessions_unavailable',
    headers: { 'Retry-After': '5' },
    ...(action && { action }),
    cause,
  })
}
