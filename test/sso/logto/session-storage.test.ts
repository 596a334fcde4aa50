import { PersistKey } from '@logto/express'
import { describe, expect, it } from 'vitest'
import { SessionStorage } from '../../../src/sso/logto/logto-client.ts'
import type { TokenHolder } from '../../../src/sso/logto/session-tokens.ts'

describe('SessionStorage', () => {
  it('storage, nothing set, gives null', async () => {
    expect(await new SessionStorage({}).getItem(PersistKey.IdToken)).toBeNull()
  })

  it('storage, an item set, gives it back and keeps it in the session', async () => {
    const session: TokenHolder = {}
    await new SessionStorage(session).setItem(PersistKey.IdToken, 'token')
    expect(session).toEqual({ logto: { idToken: 'token' } })
    expect(await new SessionStorage(session).getItem(PersistKey.IdToken)).toBe('token')
  })

  it('storage, one of two items removed, keeps the other', async () => {
    const session: TokenHolder = { logto: { idToken: 'token', refreshToken: 'refresh' } }
    await new SessionStorage(session).removeItem(PersistKey.IdToken)
    expect(session).toEqual({ logto: { refreshToken: 'refresh' } })
  })

  it('storage, the last item removed, leaves no trace in the session', async () => {
    const session: TokenHolder & { other: string } = { other: 'kept', logto: { idToken: 'token' } }
    await new SessionStorage(session).removeItem(PersistKey.IdToken)
    expect(session).toEqual({ other: 'kept' })
  })

  it('storage, the rest of the session, is out of its reach', async () => {
    const session: TokenHolder & { cookie: string } = { cookie: 'secret' }
    const storage = new SessionStorage(session)
    expect(await storage.getItem('cookie' as PersistKey)).toBeNull()
    await storage.removeItem('cookie' as PersistKey)
    expect(session.cookie).toBe('secret')
  })
})
