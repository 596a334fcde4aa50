import type { Adapter, AdapterPayload } from 'oidc-provider'
import { BoundedStore } from './bounded-store.ts'

const PER_MODEL = 10_000
const PER_GRANT = 100
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
}

/** oidc-provider's storage in bounded memory; clients are never stored, only looked up in the live state. */
export function createProviderStorage(lookups: Lookups): ProviderStorage {
  const models = new Map<string, BoundedStore<AdapterPayload>>()
  const members = new BoundedStore<Set<string>>(PER_MODEL)
  const storeOf = (model: string) => {
    const existing = models.get(model)
    if (existing) return existing
    const created = new BoundedStore<AdapterPayload>(PER_MODEL)
    models.set(model, created)
    return created
  }
  const sessionAccount = (id: string) => storeOf('Session').get(id)?.accountId

  function adapter(model: string): Adapter {
    const store = storeOf(model)
    const byUid = storeOf(`${model}:uid`)
    const byUserCode = storeOf(`${model}:userCode`)
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
      async findByUserCode(code) {
        return live(store.get(byUserCode.get(code)?.jti ?? ''))
      },
      async upsert(id, payload, ttl = FALLBACK_TTL) {
        store.set(id, structuredClone(payload), ttl)
        if (model === 'Session' && payload.uid) byUid.set(payload.uid, { jti: id }, ttl)
        if (payload.userCode) byUserCode.set(payload.userCode, { jti: id }, ttl)
        if (payload.grantId && model !== 'Interaction') remember(payload.grantId, `${model} ${id}`, ttl)
      },
      async consume(id) {
        const payload = store.get(id)
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        const uid = store.get(id)?.uid
        if (uid && byUid.get(uid)?.jti === id) byUid.delete(uid)
        store.delete(id)
      },
      async revokeByGrantId(grantId) {
        for (const member of members.take(grantId) ?? []) {
          const [store, id] = storeAndId(member)
          store.delete(id)
        }
      },
    }
  }

  const storeAndId = (member: string) => {
    const [name = '', id = ''] = member.split(' ')
    return [storeOf(name), id] as const
  }

  /** A grant refreshed every hour for months would otherwise list every access token it ever had. */
  function forgetEnded(known: Set<string>): void {
    for (const member of known) {
      const [store, id] = storeAndId(member)
      if (!store.get(id)) known.delete(member)
    }
  }

  function remember(grantId: string, member: string, ttl: number): void {
    const known = members.get(grantId) ?? new Set<string>()
    if (known.size >= PER_GRANT) forgetEnded(known)
    members.set(grantId, known.add(member), Math.max(ttl, FALLBACK_TTL * 14))
  }

  return { adapter, sessionAccount }
}
