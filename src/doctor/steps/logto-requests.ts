import { randomBytes } from 'node:crypto'
import { addressesAt } from '../../sso/addresses.ts'
import { createLogtoClient } from '../../sso/logto/logto-client.ts'
import { type Answer, errorIn, type OAuthErrorBody } from '../ask.ts'
import type { Examination } from '../examination.ts'

/** The Logto client as the app sets it up, so that what is tried here is what the app would send. */
export const logtoClient = (on: Examination) =>
  on.once(logtoClient, () => createLogtoClient(on.config, on.send))

/** Logto's metadata. @throws LogtoUnreachableError, NotLogtoError */
export const metadata = (on: Examination) => on.once(metadata, () => logtoClient(on).metadata())

/** Address of the app's authorization request. */
export const authorizationUrl = (on: Examination) =>
  on.once(authorizationUrl, async () => {
    const attempt = { state: randomText(), verifier: randomText() }
    on.secrets.add(attempt.state, attempt.verifier)
    const url = await logtoClient(on).authorizationUrl(attempt, {
      redirectUri: addressesAt(on.config.baseUrl).callback,
    })
    on.secrets.add(new URL(url).searchParams.get('code_challenge') ?? undefined)
    return url
  })

/** Logto's answer to the app's authorization request. */
export const authorizationAnswer = (on: Examination) =>
  on.once(authorizationAnswer, async () => on.ask(await authorizationUrl(on)))

/** The error in such an answer, told in a body or at the redirect URI (RFC 6749 §4.1.2.1). */
export function authorizationError(answer: Answer): OAuthErrorBody | undefined {
  const location = answer.headers.get('location')
  if (!location || !URL.canParse(location)) return errorIn(answer)
  const { searchParams } = new URL(location)
  const code = searchParams.get('error')
  return code ? { code, words: searchParams.get('error_description') ?? '' } : undefined
}

/** Logto's answer to the app's sign-out (OpenID Connect RP-Initiated Logout 1.0 §2), of a browser that has no session. */
export const signOutAnswer = (on: Examination) =>
  on.once(signOutAnswer, async () => {
    const client = logtoClient(on).clientFor({ holder: {} })
    return on.ask(await client.signOutAddress(`${on.config.baseUrl}/`))
  })

export const randomText = () => randomBytes(32).toString('base64url')
