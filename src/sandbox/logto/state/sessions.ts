import type { AdapterPayload } from 'oidc-provider'
import type { ProviderStorage } from '../../shared/provider/provider-storage.ts'
import { findApplication } from './applications.ts'
import type { LogtoSession, RevokeGrants } from './session.ts'
import type { Tenant } from './state.ts'

export const sessionsOf = (storage: ProviderStorage): LogtoSession[] => storage.sessions().map(toSession)

function toSession({
  uid = '',
  accountId = '',
  loginTs = 0,
  authorizations = {},
}: AdapterPayload): LogtoSession {
  return {
    uid,
    userId: accountId,
    signedInAt: loginTs * 1000,
    applications: Object.entries(authorizations).map(([appId, { sid = '', grantId, persistsLogout }]) => ({
      appId,
      sid,
      grantId,
      persistsLogout: persistsLogout ?? false,
    })),
  }
}

/** Ends one session, without a word to its applications. */
export function endSession(
  { tenant, storage }: { tenant: Tenant; storage: ProviderStorage },
  session: LogtoSession,
  revoke: RevokeGrants,
): void {
  const goes = ({ appId, persistsLogout }: LogtoSession['applications'][number]) => {
    if (revoke === undefined) return !persistsLogout
    return revoke === 'all' || !findApplication(tenant, appId)?.isThirdParty
  }
  const grantIds = session.applications.filter(goes).flatMap(({ grantId }) => grantId ?? [])
  storage.endSession(session.uid, grantIds)
}
