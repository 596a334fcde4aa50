import { z } from 'zod'
import { EVENT_TYPES } from '../leaving/log-event.ts'

const BLANK = 'The field cannot be left blank'

/** Okta calls https addresses; the sandbox also calls those of this machine, where there is no TLS. */
const isCallable = (value: string) => {
  if (!URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return (
    protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  )
}

const Header = z.object({ key: z.string().min(1, BLANK), value: z.string() })

const Body = z.object({
  name: z.string().trim().min(1, BLANK).max(255),
  description: z.string().nullable().default(null),
  events: z.object({
    type: z.enum(['EVENT_TYPE', 'FLOW_EVENT']),
    items: z.array(z.enum(EVENT_TYPES, 'The event type is not eligible for event hooks')).min(1, BLANK),
  }),
  channel: z.object({
    type: z.literal('HTTP'),
    version: z.string().min(1, BLANK),
    config: z.object({
      uri: z.string().refine(isCallable, 'The address must be an https URL'),
      headers: z.array(Header).default([]),
      method: z.literal('POST').optional(),
      authScheme: z
        .object({
          type: z.literal('HEADER'),
          key: z.string().min(1, BLANK),
          value: z.string().min(1, BLANK),
        })
        .optional(),
    }),
  }),
})

export type EventHookBody = z.output<typeof Body>

/** The body of an event hook, or everything that is wrong with it: the path of each field, and what is. */
export function parseEventHook(
  body: unknown,
): { hook: EventHookBody } | { faults: Array<[field: string, problem: string]> } {
  const { data, error } = Body.safeParse(body, {
    error: ({ input }) => (input === undefined || input === null ? BLANK : undefined),
  })
  if (data) return { hook: data }
  return { faults: error.issues.map(({ path, message }) => [path.join('.') || 'body', message]) }
}
