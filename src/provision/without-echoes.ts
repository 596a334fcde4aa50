import type { Secrets } from './secrets.ts'

/** Names under which tenants give and take what nobody else may see. */
const secretNames = /^value$|secret$|token$|signing_?key$|password$/i
/** Shorter values are no secrets, and would be found in ordinary words. */
const shortest = 8

/**
 * `fetch` whose refusals hold no secret, whoever repeats it: what a request carries and what an answer gives is
 * remembered, and cut from every answer that is an error before anything is read of it.
 *
 * @param send reads the whole answer
 * @param secrets is told of all there are
 */
export function withoutEchoes(send: typeof fetch, secrets: Secrets): typeof fetch {
  return async (input, init) => {
    const request = new Request(input instanceof Request ? input.clone() : input, init)
    addCredentials(request.headers.get('authorization') ?? '', secrets)
    addSecretsIn(jsonOf(await request.text()), secrets)
    const response = await send(input, init)
    const text = await response.clone().text()
    if (response.ok) addSecretsIn(jsonOf(text), secrets)
    if (response.ok || text === '') return response
    const json = jsonOf(text)
    const safeText =
      json === undefined ? secrets.cutEverywhere(text) : JSON.stringify(withoutSecrets(json, secrets))
    const { status, statusText, headers } = response
    return new Response(safeText, { status, statusText, headers })
  }
}

/** What stands behind the name of the scheme; of Basic also the secret in it (RFC 6749 §2.3.1). */
function addCredentials(header: string, secrets: Secrets): void {
  const [scheme = '', credentials = ''] = header.split(' ')
  secrets.add(credentials)
  if (scheme !== 'Basic') return
  const [, secret = ''] = Buffer.from(credentials, 'base64').toString().split(':')
  secrets.add(new URLSearchParams(`x=${secret}`).get('x') ?? undefined)
}

function addSecretsIn(json: unknown, secrets: Secrets): void {
  mapStrings(json, (text, name) => {
    if (secretNames.test(name) && text.length >= shortest) secrets.add(text)
    return text
  })
}

const withoutSecrets = (json: unknown, secrets: Secrets) =>
  mapStrings(json, (text) => secrets.cutEverywhere(text))

/** Deeper than anything that is read. */
const deepest = 20

function mapStrings(
  value: unknown,
  change: (text: string, name: string) => string,
  name = '',
  depth = deepest,
): unknown {
  if (typeof value === 'string') return change(value, name)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return null
  if (Array.isArray(value)) return value.map((part) => mapStrings(part, change, name, depth - 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, mapStrings(part, change, key, depth - 1)]),
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
