import type Provider from 'oidc-provider'
import type { ProviderStorage } from './provider-storage.ts'

/**
 * Keeps the session cookie of a browser that is already signed in.
 *
 * oidc-provider gives the session a new ID each time an interaction ends, and the old one is worth nothing from
 * then on: of three tabs that finish at the same instant, two would lose their session. The ID still changes when
 * a session goes from nobody's to somebody's, which is what guards against session fixation. Tabs that finish
 * within milliseconds of each other with nobody signed in may therefore each get a session, and a `sid`, of their
 * own; the browser keeps the last.
 */
export function keepSessionIds(provider: Provider, storage: ProviderStorage): void {
  const renew = provider.Session.prototype.resetIdentifier
  provider.Session.prototype.resetIdentifier = function resetIdentifier() {
    const known = this.accountId !== undefined && storage.sessionAccount(this.jti) === this.accountId
    if (!known) renew.call(this)
  }
}
