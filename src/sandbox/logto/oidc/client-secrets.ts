import { createHash, timingSafeEqual } from 'node:crypto'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { findApplication } from '../state/applications.ts'
import type { Tenant } from '../state/state.ts'

/**
 * Lets a client authenticate with any secret of its application that has not run out; oidc-provider knows only one.
 * One that has is told from a wrong one, as at Logto.
 */
export function acceptEverySecret(provider: Provider, tenant: Tenant): void {
  const client = provider.Client.prototype as { compareClientSecret(actual: string): boolean }
  client.compareClientSecret = function compareClientSecret(this: { clientId: string }, actual: string) {
    const secrets = findApplication(tenant, this.clientId)?.secrets ?? []
    const given = secrets.find(({ value }) => timingSafeEqual(digest(value), digest(actual)))
    const expiresAt = given?.expiresAt ?? Number.POSITIVE_INFINITY
    if (expiresAt < Date.now()) throw new errors.InvalidRequest('client secret has expired')
    return given !== undefined
  }
}

/** Of one length whatever the secret's, as the comparison needs it. */
const digest = (value: string) => createHash('sha256').update(value).digest()
