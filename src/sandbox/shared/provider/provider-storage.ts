import type { Adapter, AdapterPayload } from 'oidc-provider'
import { BoundedStore } from '../bounded-store.ts'

const PER_MODEL = 1000
const FALLBACK_TTL = 24 * 60 * 60

export interface Lookups {
  /** Client metadata as the state has it now; throws or gives nothing for an unknown client. */
  findClient(clientId: string): AdapterPayload | undefined
  /** Whether a session of this account still counts: a person deleted or deactivated is signed out at once. */
  isActive(accountId: string): boolean
}

export interface ProviderStorage {
  adapter(model: string): Adapter
  /** The account a stored session belongs to, read without waiting. */
  sessionAccount(sessionId: string): string | undefined
  /** The sessions somebody is signed in with, as they are stored. */
  sessions(): AdapterPayload[]
  /** What an account has granted, as it is stored. */
  grants(accountId: string): AdapterPayload[]
  /** Ends a grant, and takes it out of the session it was given in. */
  endGrant(id: string): void
  /** Ends every session and grant of an account; without its grant no code or token is taken anywhere. */
  endAccount(accountId: string): void
  /** Ends one session, and those of the grants given in it that are named here. */
  endSession(uid: string, grantIds: readonly string[]): void
}

/** oidc-provider's storage in bounded memory; clients are never stored, only looked up in the live state. */
export function createProviderStorage(lookups: Lookups): ProviderStorage {
  const models = new Map<string, BoundedStore<AdapterPayload>>()
  const storeOf = (model: string) => {
    const existing = models.get(model)
    if (existing) return existing
    const created = new BoundedStore<AdapterPayload>(PER_MODEL)
    models.set(model, created)
    return created
  }
  const sessionAccount = (id: string) => storeOf('Session').get(id)?.accountId

  function destroy(model: string, id: string): void {
    const uid = storeOf(model).get(id)?.uid
    const byUid = storeOf(`${model}:uid`)
    if (uid && byUid.get(uid)?.jti === id) byUid.delete(uid)
    storeOf(model).delete(id)
  }

  function adapter(model: string): Adapter {
    const store = storeOf(model)
    const byUid = storeOf(`${model}:uid`)
    const live = (payload: AdapterPayload | undefined) => {
      if (!payload) return undefined
      if (model === 'Session' && payload.accountId && !lookups.isActive(payload.accountId)) return undefined
      return structuredClone(payload)
    }
    return {
      async find(id) {
        return model === 'Client' ? lookups.findClient(id) : live(store.get(id))
      },
      async findByUid(uid) {
        return live(store.get(byUid.get(uid)?.jti ?? ''))
      },
      async findByUserCode() {
        return undefined // No application of the sandbox may begin a device flow.
      },
      async upsert(id, payload, ttl = FALLBACK_TTL) {
        store.set(id, structuredClone(payload), ttl)
        if (model === 'Session' && payload.uid) byUid.set(payload.uid, { jti: id }, ttl)
      },
      async consume(id) {
        const payload = store.get(id)
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        destroy(model, id)
      },
      async revokeByGrantId() {
        // oidc-provider destroys the grant with it, and without its grant no code or token is taken anywhere.
      },
    }
  }

  return {
    adapter,
    sessionAccount,
    sessions: () =>
      storeOf('Session')
        .values()
        .filter(({ accountId }) => accountId !== undefined && lookups.isActive(accountId)),
    grants: (accountId) =>
      storeOf('Grant')
        .values()
        .filter((grant) => grant.accountId === accountId),
    endGrant(id) {
      destroy('Grant', id)
      for (const { authorizations = {} } of storeOf('Session').values()) {
        for (const [clientId, { grantId }] of Object.entries(authorizations)) {
          if (grantId === id) delete authorizations[clientId]
        }
      }
    },
    endAccount(accountId) {
      for (const model of ['Session', 'Grant']) {
        for (const { jti, accountId: owner } of storeOf(model).values()) {
          if (owner === accountId && jti) destroy(model, jti)
        }
      }
    },
    endSession(uid, grantIds) {
      destroy('Session', storeOf('Session:uid').get(uid)?.jti ?? '')
      for (const id of grantIds) destroy('Grant', id)
    },
  }
}
