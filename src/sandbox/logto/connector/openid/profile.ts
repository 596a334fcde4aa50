import { camelCase } from '../../state/camel-case.ts'
import type { SsoProfile } from '../attempt.ts'
import type { OpenIdConnector } from '../connectors.ts'
import type { Claims } from './answer.ts'

/**
 * The person, as a connector makes them of an OpenID provider's claims. Only an email counts that the provider says it
 * has verified. Where it says nothing of that, the connector can be told to believe it all the same.
 */
export function profileOf(
  { providerName, config }: OpenIdConnector,
  { idToken, userInfo }: { idToken: Claims; userInfo: Claims },
): SsoProfile {
  const isEntra = providerName === 'AzureAdOidc'
  // What Entra tells in one of the two only is in the other's place; where both tell it, userinfo does.
  const claims = isEntra ? { ...idToken, ...userInfo } : userInfo
  const { sub: id, name, picture: avatar, email, email_verified: verified, ...rest } = claims
  // A connector for Entra, told to, believes what Entra calls unverified, too.
  const isBelieved = config.trustUnverifiedEmail && (isEntra || (verified ?? undefined) === undefined)
  const trusted = email && (verified || isBelieved) ? email : undefined
  return {
    issuer: config.issuer,
    identityId: id,
    name: name ?? null,
    avatar: avatar ?? null,
    email: trusted ?? null,
    detail: {
      id,
      ...(name && { name }),
      ...(avatar && { avatar }),
      ...(trusted && { email: trusted }),
      ...Object.fromEntries(Object.entries(rest).map(([claim, value]) => [camelCase(claim), value])),
      ...(isEntra && email && !trusted && { unverifiedEmail: email }),
    },
  }
}
