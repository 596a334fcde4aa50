import { AppError } from './app-error.ts'

/** How many causes of causes are followed. */
const maximumDepth = 4

/**
 * An error as the log may hold it: name, code, message, causes, and stacks unless the fault is the visitor's own.
 * Every other property is left out, since the errors of OIDC libraries carry whole answers and token payloads.
 *
 * @param error whatever was thrown
 * @returns a plain object that is safe to log
 */
export function describeError(error: unknown): object {
  const expected = error instanceof AppError && error.status < 500
  return describe(error, { stacks: !expected, depth: maximumDepth })
}

function describe(error: unknown, { stacks, depth }: { stacks: boolean; depth: number }): object {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    name: error.name,
    ...(code && { code }),
    message: error.message,
    ...(stacks && { stack: error.stack }),
    ...(error.cause !== undefined &&
      depth > 0 && { cause: describe(error.cause, { stacks, depth: depth - 1 }) }),
  }
}
