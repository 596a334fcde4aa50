import type { RequestHandler } from 'express'
import type { SingleSignOn } from '../../sso/index.ts'

/** `GET /api/me`, behind `requireSignIn`: who is signed in, for scripts of our own pages. No token. */
export function me(sso: SingleSignOn): RequestHandler {
  return (req, res) => {
    const account = sso.accountOf(req)
    if (!account) throw new Error('/api/me is mounted without requireSignIn')
    const { sub, claims, since, until } = account
    res.json({ sub, claims, session: { startedAt: since.toISOString(), endsAt: until.toISOString() } })
  }
}
