import type { Text } from '../../words/phrase.ts'
import { type Answer, type Asked, errorIn, textOf } from '../ask.ts'
import type { Examination } from '../examination.ts'
import { phrase } from '../phrase.ts'
import { authorizationUriOf } from './interaction.ts'
import { withoutQuery } from './issuer.ts'

/** What Okta's answer to the connector's authorization request tells. `accepted`: client, redirect URI and scopes. */
export type Verdict = 'accepted' | 'client' | 'response-type' | 'pkce' | 'redirect' | 'scope' | 'unknown'

export interface OktaAnswer {
  verdict: Verdict
  asked: Asked
  /** In a few words, from the redirect where there is one. */
  answer: Text
  /** The request, with the question whether somebody is signed in. */
  uri: string
}

/**
 * Asks Okta what the connector asks, with `prompt=none`: with nobody signed in, a request that is right in every part
 * is answered at its redirect URI with `login_required` (OpenID Connect Core 1.0 §3.1.2.6).
 */
export const oktaAnswer = (on: Examination, connectorId: string) =>
  on.once(`Okta's answer for ${connectorId}`, async (): Promise<OktaAnswer> => {
    const url = new URL((await authorizationUriOf(on, connectorId)).uri ?? '')
    url.searchParams.set('prompt', 'none')
    const asked = await on.ask(url.href, { headers: { accept: 'application/json, text/html' } })
    if ('fault' in asked) return { verdict: 'unknown', asked, answer: asked.fault.words, uri: url.href }
    const { verdict, answer } = judge(asked, url)
    return { verdict, asked, answer: on.secrets.quote(answer), uri: url.href }
  })

/** Reads what a provider answers to an authorization request with `prompt=none`. */
export function judge(response: Answer, request: URL): { verdict: Verdict; answer: Text } {
  const location = response.headers.get('location')
  if (response.status >= 300 && response.status < 400 && location && URL.canParse(location, request.href)) {
    return judgeRedirect(response.status, new URL(location, request), request)
  }
  // Entra shows what it refuses on a page that says 200.
  const entra = /\bAADSTS\d+[^"<\\]{0,300}/.exec(response.text)?.[0]
  if (entra) return { verdict: refusalIn(entra), answer: `${response.status} ${entra}` }
  const error = errorIn(response)
  const words = error ? `${error.code}: ${error.words}` : textOf(response)
  if (response.status < 400 || response.status >= 500 || response.status === 429) {
    return { verdict: 'unknown', answer: `${response.status} ${words}` }
  }
  return { verdict: refusalIn(words), answer: `${response.status} ${words}` }
}

/** Errors that are about the person, who is nobody here: the request itself is accepted. */
const aboutThePerson =
  /^(login_required|interaction_required|consent_required|account_selection_required|access_denied)$/

function judgeRedirect(status: number, location: URL, request: URL): { verdict: Verdict; answer: Text } {
  const redirectUri = request.searchParams.get('redirect_uri') ?? ''
  if (withoutQuery(location.href) !== redirectUri) {
    return { verdict: 'unknown', answer: phrase`${status} to ${location.origin}${location.pathname}` }
  }
  const error = location.searchParams.get('error') ?? ''
  const words = location.searchParams.get('error_description') ?? ''
  const answer = error
    ? phrase`${status} to the redirect URI with ${words ? `${error}: ${words}` : error}`
    : phrase`${status} to the redirect URI`
  if (!error || aboutThePerson.test(error)) return { verdict: 'accepted', answer }
  return { verdict: refusalIn(`${error}: ${words}`), answer }
}

/** Okta's own words and other providers' codes, the most telling first. */
const refusals: ReadonlyArray<[Verdict, RegExp]> = [
  // learn.microsoft.com, “Microsoft Entra authentication and authorization error codes”.
  ['redirect', /\bAADSTS50011\b/],
  ['client', /\bAADSTS(700016|90002|7000215)\b/],
  ['scope', /\bAADSTS(70011|650053)\b/],
  ['pkce', /\bPKCE\b|code[_ ]challenge/i],
  ['scope', /\binvalid_scope\b/],
  ['response-type', /\b(unauthorized_client|unsupported_response_type)\b|response_type is not allowed/],
  ['redirect', /\b(invalid_redirect_uri|redirect_uri_mismatch)\b|'redirect_uri' parameter/],
  ['redirect', /redirect[_ ]uri\b.{0,300}?\b(not match|not registered|not allowed|mismatch|invalid)/is],
  ['redirect', /\binvalid (parameter: )?redirect[_ ]uri/i],
  ['client', /\binvalid_client\b|'client_id' parameter|\b(unknown|invalid) client\b/i],
  ['client', /\b(client|application)\b.{0,200}?\bnot (found|known|registered)\b/is],
]

const refusalIn = (words: string): Verdict =>
  refusals.find(([, pattern]) => pattern.test(words))?.[0] ?? 'unknown'
