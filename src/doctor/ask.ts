import { type NetworkFault, networkFault } from '../http-client/network-fault.ts'
import type { Secrets } from '../provision/secrets.ts'
import type { Text } from '../words/phrase.ts'

/** What came back of one call, read whole. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The body, if it is JSON. */
  json: unknown
  response: Response
  /** Our time when the call went out and when its answer was whole, in milliseconds since 1970. */
  sentAt: number
  receivedAt: number
}

/** An answer, or the reason why there was none. */
export type Asked = Answer | { fault: NetworkFault }

export type Ask = (url: string, init?: RequestInit) => Promise<Asked>

/**
 * Makes calls that never raise: no answer is a finding too.
 *
 * @param send `fetch` with a time limit, that follows no redirect
 * @param now our clock
 */
export function asker(send: typeof fetch, now: () => number): Ask {
  return async (url, init) => {
    const sentAt = now()
    try {
      const response = await send(url, init)
      const receivedAt = now()
      const text = await response.text()
      const { status, headers } = response
      return { status, headers, text, json: parseJson(text), response, sentAt, receivedAt }
    } catch (error) {
      return { fault: networkFault(error) }
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The error an answer tells of: a code without Logto's prefix, and words. */
export interface OAuthErrorBody {
  code: string
  words: string
}

/** Characters of an error that are looked at: far more than any has. */
const mostWords = 2000

/** Reads an error in any of three shapes: OAuth's (RFC 6749 §5.2), Logto's `code`, and Okta's `errorCode`. */
export function errorIn({ json }: Pick<Answer, 'json'>): OAuthErrorBody | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const body = json as Record<string, unknown>
  const code = [body.error, body.errorCode, body.code].find((value) => typeof value === 'string')
  if (typeof code !== 'string') return undefined
  const words = [body.error_description, body.errorSummary, body.message].find(
    (value) => typeof value === 'string',
  )
  return {
    code: code.replace(/^oidc\./, '').slice(0, mostWords),
    words: typeof words === 'string' ? words.slice(0, mostWords) : '',
  }
}

/** An answer in a few words: its status, and the error it tells of or the beginning of what it says. */
export function inWords(asked: Asked, secrets: Secrets): Text {
  if ('fault' in asked) return asked.fault.words
  const error = errorIn(asked)
  if (!error)
    return `${asked.status}${asked.text && asked.status >= 400 ? ` “${secrets.quote(textOf(asked))}”` : ''}`
  return `${asked.status} ${secrets.quote(error.words ? `${error.code}: ${error.words}` : error.code)}`
}

/**
 * The text of a page, or whatever else the answer is. In one pass, for a page may be a megabyte of tags that are never
 * closed.
 */
export function textOf({ text }: Pick<Answer, 'text'>): string {
  return withoutHidden(text)
    .replace(/<[^<>]*>?/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_all, name: string) => entities[name] ?? ' ')
}

/** A page without what is not shown of it. One that is never closed hides nothing. */
function withoutHidden(text: string): string {
  const parts: string[] = []
  const unclosed = new Set<string>()
  let from = 0
  for (const { 1: found = '', index } of text.matchAll(/<(script|style|head)\b/gi)) {
    const name = found.toLowerCase()
    if (index < from || unclosed.has(name)) continue
    const closing = new RegExp(`</${name}\\b`, 'gi')
    closing.lastIndex = index
    const end = closing.exec(text)
    if (!end) {
      unclosed.add(name)
      continue
    }
    parts.push(text.slice(from, index))
    from = end.index
  }
  return [...parts, text.slice(from)].join(' ')
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
}
