import { LogtoRequestError } from '@logto/express'
import { decodeJwt, errors } from 'jose'
import type { AppConfig } from '../../settings/config.ts'
import type { Identities } from '../company/identities.ts'
import { ForeignIdentityError } from '../company/own-domains.ts'
import { type Logto, patience } from '../logto/logto-client.ts'
import { LogtoUnreachableError } from '../logto/logto-requester.ts'
import type { SessionTokens, TokenHolder } from '../logto/session-tokens.ts'
import { isBounded } from '../logto/verify/id-token.ts'
import { isSignedIn, type SignedIn } from '../session/session-data.ts'
import { type SessionStore, takeLease, whileHolding } from '../session/session-store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { heldTokens } from './held-tokens.ts'
import { isRefusal } from './renew-tokens.ts'
import { renewedBy } from './session-from-tokens.ts'

/** What came of asking. `ended`: Logto gives this session no more tokens, and so it is over; `gone`: it was already. */
export type OrganizationToken =
  | { kind: 'claims'; claims: Readonly<Record<string, unknown>> }
  | { kind: 'not_a_member' | 'gone' }
  | { kind: 'ended'; session: SignedIn; foreign: ForeignIdentityError | undefined }

/**
 * Asks Logto for a person's organization token and reads its claims. The token itself is thrown away: a session would
 * grow by one for each organization, and nothing here uses it. What came with it is kept, since it may hold a new
 * refresh token, and so nobody else may use the session's refresh token meanwhile.
 *
 * @returns a function that raises what keeps Logto or the store from answering
 */
export function organizationTokens({
  config,
  logto,
  store,
  identities,
  telemetry,
}: {
  config: AppConfig
  logto: Logto
  identities: Identities
  store: SessionStore
  telemetry: Telemetry
}): (id: string, organizationId: string) => Promise<OrganizationToken> {
  async function ask(id: string, organizationId: string): Promise<OrganizationToken> {
    const session = await store.read(id)
    if (!session || !isSignedIn(session)) return { kind: 'gone' }
    const holder = heldTokens(store, id, session.logto)
    try {
      const client = logto.clientFor({ holder, patient: true })
      const token = await client.getOrganizationToken(organizationId)
      const renewed = renewedBy(without(holder, organizationId), session, identities)
      if (!renewed) return end(id, session)
      const kept = await store.change(id, (current) => ({ ...current, ...renewed }))
      return kept ? { kind: 'claims', claims: claimsIn(token) } : { kind: 'gone' }
    } catch (fault) {
      if (isRefusal(fault)) return end(id, session)
      if (fault instanceof ForeignIdentityError) return end(id, session, fault)
      if (fault instanceof LogtoRequestError && /(^|\.)access_denied$/.test(fault.code)) {
        return { kind: 'not_a_member' }
      }
      throw fault
    }
  }

  async function end(
    id: string,
    session: SignedIn,
    foreign?: ForeignIdentityError,
  ): Promise<OrganizationToken> {
    return (await store.end(id)) ? { kind: 'ended', session, foreign } : { kind: 'gone' }
  }

  return async (id, organizationId) => {
    const taken = await takeLease(store.backend, id, patience(config), telemetry)
    if (!taken) throw new LogtoUnreachableError('the session is being renewed all the time')
    return whileHolding(store.backend, taken, () => ask(id, organizationId))
  }
}

/** The SDK's own reader raises what nobody expects. @throws JWTInvalid */
function claimsIn(token: string): Readonly<Record<string, unknown>> {
  const claims = decodeJwt(token)
  if (!isBounded(claims)) throw new errors.JWTInvalid('holds more than can be shown')
  return claims
}

/** The tokens without the one of this organization, under the name the SDK keeps it by. */
function without({ logto: tokens = {} }: TokenHolder, organizationId: string): SessionTokens {
  const { [`@#${organizationId}`]: _, ...kept } = JSON.parse(tokens.accessToken ?? '{}') as Record<
    string,
    unknown
  >
  return { ...tokens, accessToken: JSON.stringify(kept) }
}
