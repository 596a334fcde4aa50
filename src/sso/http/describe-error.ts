import { visible, visibleLines } from '../../settings/visible.ts'
import { AppError } from './app-error.ts'

/** How many causes of causes are followed. */
const maximumDepth = 4

/**
 * An error as the log may hold it: name, code, message, causes, and stacks unless the fault is the visitor's own.
 * Every other property is left out, since the errors of OIDC libraries carry whole answers and token payloads. What a
 * server said is often a part of the message: whatever a terminal would obey in it is shown.
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
    name: visible(error.name),
    ...(code && { code: visible(code) }),
    message: visible(error.message),
    ...(stacks && { stack: stackOf(error) }),
    ...(error.cause !== undefined &&
      depth > 0 && { cause: describe(error.cause, { stacks, depth: depth - 1 }) }),
  }
}

/** The lines of a stack are its own; those of a message in it could pass for some. */
function stackOf({ message, stack = '' }: Error): string {
  return visibleLines(message === '' ? stack : stack.replace(message, () => visible(message)))
}
