import type { z } from 'zod'

interface LogtoIssue {
  issue: Record<string, unknown>
  detail: string
}

/** A fault of a request as Logto tells it, which is by the words of zod 3. */
export function logtoIssueOf(found: z.core.$ZodIssue): LogtoIssue {
  const { path, input } = found
  const issue: Worded = { path: [...path], ...inWordsOfZod3(found) }
  const missing = input === undefined && issue.code === 'invalid_type'
  const text = missing ? `Expected ${issue.expected} but received undefined.` : issue.message
  return {
    issue: missing ? { ...issue, message: 'Required' } : issue,
    detail: `Error in key path "${path.join('.')}": (${issue.code}) ${text}`,
  }
}

interface Worded extends Record<string, unknown> {
  code: string
  message: string
}

function inWordsOfZod3(found: z.core.$ZodIssue): Worded {
  const { input } = found
  switch (found.code) {
    case 'invalid_type': {
      const { expected } = found
      const received = kindOf(input)
      return {
        code: 'invalid_type',
        expected,
        received,
        message: `Expected ${expected}, received ${received}`,
      }
    }
    case 'invalid_value': {
      const listed = found.values.map((value) => `'${String(value)}'`).join(' | ')
      if (typeof input !== 'string') {
        const [code, received] = ['invalid_type', kindOf(input)]
        return { code, expected: listed, received, message: `Expected ${listed}, received ${received}` }
      }
      const message = `Invalid enum value. Expected ${listed}, received '${input}'`
      return { code: 'invalid_enum_value', received: input, options: [...found.values], message }
    }
    case 'invalid_format':
      return { code: 'invalid_string', validation: found.format, message: `Invalid ${found.format}` }
    case 'too_small':
    case 'too_big': {
      const type = found.origin
      const [bound, limit] =
        found.code === 'too_small' ? ['minimum', found.minimum] : ['maximum', found.maximum]
      return { code: found.code, [bound]: limit, type, inclusive: true, exact: false, message: found.message }
    }
    case 'custom':
      return { code: 'custom', message: 'Invalid input' }
    default:
      return { code: found.code, message: found.message }
  }
}

function kindOf(input: unknown): string {
  if (input === null) return 'null'
  return Array.isArray(input) ? 'array' : typeof input
}
