import type { Request } from 'express'
import type { LiveConfig } from '../../companies/index.ts'
import type { Provider } from '../../settings/companies/providers.ts'
import { keepPersonal } from '../http/answer.ts'
import type { Claims } from '../logto/verify/id-token.ts'
import { recordOf, sessionReference } from '../request.ts'
import { markedCompanies } from '../session/session-data.ts'

/** Whoever is signed in. */
export interface Account {
  /** Logto's ID of the person. */
  readonly sub: string
  /** What to call them: their name or else their username, email address or ID. */
  readonly name: string
  /** What the ID token says of them; of a membership or a role that has changed since, userinfo says it sooner. */
  readonly claims: Claims
  /** When they signed in, and when they have to again at the latest. */
  readonly since: Date
  readonly until: Date
  /** The session's name in logs and on pages; it opens nothing. */
  readonly session: string
}

/**
 * Who is signed in. What a page makes of it is for nobody else: no cache may keep it.
 *
 * @returns undefined for a stranger, and while the session store cannot be asked
 */
export function accountOf(req: Request): Account | undefined {
  keepPersonal(req)
  const { session } = recordOf(req)
  if (!session) return undefined
  const { claims, startedAt, endsAt, id } = session
  const { sub } = claims
  return {
    sub,
    name: claims.name || claims.username || claims.email || sub,
    claims,
    since: new Date(startedAt),
    until: new Date(endsAt),
    get session() {
      return sessionReference(id)
    },
  }
}

/** The claims of the same. */
export const personOf = (req: Request): Claims | undefined => accountOf(req)?.claims

/** The company of whoever is signed in. */
export interface Company {
  /** Its enterprise connector's ID at Logto, which stays the same when its name changes. */
  readonly id: string
  readonly name: string
  /** Its organization's ID at Logto; undefined where it has none. */
  readonly organization: string | undefined
  /** The kind of its identity provider, by Logto's name: `Okta`, `AzureAdOidc`, `GoogleWorkspace`, `OIDC`, `SAML`, … */
  readonly provider: Provider
}

/**
 * Tells which company somebody comes from, by their identity at its provider: from the session and from what this process
 * knows of companies. Nobody is asked.
 *
 * @returns a function that gives undefined for a stranger, and for somebody without a company here; of several companies,
 *   none of which has the domain of their address, or else they had not been let in, the first
 */
export const companyReader =
  ({ companies }: Pick<LiveConfig, 'companies'>) =>
  (req: Request): Company | undefined => {
    const marked = markedCompanies(recordOf(req).session?.companyNames)
    const company = marked.map((id) => companies.byId(id)).find((known) => known !== undefined)
    if (!company) return undefined
    const { id, name, organizationId: organization, provider = 'Okta' } = company
    return { id, name, organization, provider }
  }
