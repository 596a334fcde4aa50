import type { Request } from 'express'
import { LRUCache } from 'lru-cache'
import type { AppConfig } from '../../settings/config.ts'
import type { Identities } from '../company/identities.ts'
import { AppError } from '../http/app-error.ts'
import { sessionEnded } from '../links/not-signed-in.ts'
import type { Logto } from '../logto/logto-client.ts'
import { notGiven } from '../logto/logto-fault.ts'
import { audit, recordOf, sessionOf } from '../request.ts'
import type { SessionStore } from '../session/session-store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { type OrganizationToken, organizationTokens } from '../tokens/organization-token.ts'
import { type RenewalContext, renewSession } from '../tokens/renew-session.ts'

/** Milliseconds for which an answer about a session and an organization counts. */
const rest = 2000

/** Answers that this process remembers. */
const maximumKnown = 1000

/**
 * The claims of an organization token of whoever is signed in: their roles and permissions there. The token stays here.
 * Who asks all the time has Logto asked every two seconds.
 *
 * @returns a function that raises AppError 404 where they are no member, 401 where their session turns out to be over,
 *   and 503 where Logto or the session store does not answer
 */
export function organizationClaims(
  context: RenewalContext & {
    config: AppConfig
    logto: Logto
    store: SessionStore
    identities: Identities
    telemetry: Telemetry
  },
): (req: Request, organizationId: string) => Promise<Readonly<Record<string, unknown>>> {
  const ask = organizationTokens(context)
  const said = new LRUCache<string, Promise<OrganizationToken>>({ max: maximumKnown, ttl: rest })

  function askAnew(key: string, session: string, organizationId: string): Promise<OrganizationToken> {
    const answer = ask(session, organizationId)
    said.set(key, answer)
    answer.catch(() => said.delete(key))
    return answer
  }

  return async (req, organizationId) => {
    const session = sessionOf(req)
    const key = `${session.id} ${organizationId}`
    const known = said.get(key)
    const answer = await (known ?? askAnew(key, session.id, organizationId)).catch((error) => {
      throw notGiven(error, 'organization_unavailable')
    })
    if (answer.kind === 'claims') return answer.claims
    if (answer.kind === 'not_a_member') {
      // This is newer than the ID token, by which the guards let members in.
      if (!known) await renewSession(req, context, session.logto.accessToken)
      // Whoever is no member is not told whether there is such an organization.
      if (recordOf(req).session) throw new AppError({ status: 404, code: 'no_such_organization' })
      throw sessionEnded(context.config, req)
    }
    if (answer.kind === 'ended' && !known) {
      const { foreign } = answer
      const by = foreign ? 'foreign_identity' : 'refresh_refused'
      const { claims, id } = session
      await audit(req, { audit: 'ended', by, ...foreign?.companies, sub: claims.sub, session: id })
    }
    throw sessionEnded(context.config, req)
  }
}
