import type { AdapterPayload } from 'oidc-provider'
import type { ProviderStorage } from '../../shared/provider/provider-storage.ts'
import { findApplication } from './applications.ts'
import type { Tenant } from './state.ts'

/** A session at Logto, which is one browser's. */
export interface LogtoSession {
  uid: string
  userId: string
  /** When the person signed in, in milliseconds. */
  signedInAt: number
  /** The applications signed in to; `sid` is what their ID tokens call this session. */
  applications: Array<{ appId: string; sid: string; grantId: string | undefined; persistsLogout: boolean }>
}

/** Which of a session's grants go with it: all, those of the company's own applications, or as sign-out has it. */
export type RevokeGrants = 'all' | 'firstParty' | undefined

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
