import { z } from 'zod'
import type { Claims } from '../../sso/index.ts'

/** How somebody can sign in. */
export type SignInWay =
  /** Through a company's identity provider: `name` is the connector's, or the provider's host. */
  { kind: 'sso'; name: string; account: string } | { kind: 'social'; name: string } | { kind: 'local' }

/** A company's connector, as far as its issuer tells it from others. */
export interface KnownConnector {
  readonly name: string
  readonly issuer: string
}

const detail = z.object({ email: z.string(), preferredUsername: z.string() }).partial().catch({})
const ssoIdentities = z
  .array(z.object({ issuer: z.string(), identityId: z.string(), detail: detail.default({}) }))
  .catch([])
const identities = z.record(z.string(), z.unknown()).catch({})

/**
 * Reads the ways of signing in from userinfo (Logto's `identities` scope). Who has none of another's has an account at
 * Logto itself.
 *
 * @param connectors whose names are known; any other is called by its host
 * @param company of the person, which may have come since the app was started
 */
export function signInWays(
  info: Claims,
  connectors: readonly KnownConnector[],
  company?: { readonly name: string },
): SignInWay[] {
  const atCompanies = ssoIdentities.parse(info.sso_identities)
  const own = atCompanies.length === 1 ? company?.name : undefined
  const enterprise = atCompanies.map(
    ({ issuer, identityId, detail: { email, preferredUsername } }): SignInWay => ({
      kind: 'sso',
      name: connectors.find((connector) => connector.issuer === issuer)?.name ?? own ?? hostOf(issuer),
      account: email ?? preferredUsername ?? identityId,
    }),
  )
  const social = Object.keys(identities.parse(info.identities)).map(
    (name): SignInWay => ({ kind: 'social', name }),
  )
  const ways = [...enterprise, ...social]
  return ways.length > 0 ? ways : [{ kind: 'local' }]
}

const hostOf = (issuer: string) => (URL.canParse(issuer) ? new URL(issuer).host : issuer)
