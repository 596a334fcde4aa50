import { parseCookie } from 'cookie'
import type { Request, Response } from 'express'
import { BoundedStore } from '../../shared/bounded-store.ts'
import type { BrowserSessions } from '../../shared/provider/browser-sessions.ts'
import { cookieSuffix } from '../../shared/provider/cookie-suffix.ts'
import { TTL } from '../../shared/provider/provider-defaults.ts'
import { secret } from '../../shared/random.ts'

/** Who is signed in at a SAML provider, by the browser. */
export function createSamlSessions(url: string): BrowserSessions {
  const name = `saml_session${cookieSuffix(url)}`
  const cookie = { path: '/', sameSite: 'lax', httpOnly: true } as const
  const sessions = new BoundedStore<string>(1000)
  const idOf = (req: Request) => parseCookie(req.headers.cookie ?? '')[name] ?? ''
  return {
    personOf: async (req) => sessions.get(idOf(req)),
    async begin(req, res, personId) {
      sessions.delete(idOf(req))
      const id = secret(43)
      sessions.set(id, personId, TTL.Session)
      res.cookie(name, id, cookie)
    },
    async end(req: Request, res: Response) {
      sessions.delete(idOf(req))
      res.clearCookie(name, cookie)
    },
  }
}
