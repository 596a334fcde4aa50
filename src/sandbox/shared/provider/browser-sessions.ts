import type { Request, Response } from 'express'
import type Provider from 'oidc-provider'
import { TTL } from './provider-defaults.ts'

/** A company's provider's own session in a browser, outside of any app's sign-in. */
export interface BrowserSessions {
  /** The ID of whoever is signed in there in this browser. */
  personOf(req: Request, res: Response): Promise<string | undefined>
  /** Signs somebody in; a session of before, and whoever's it was, is over. */
  begin(req: Request, res: Response, personId: string): Promise<void>
  end(req: Request, res: Response): Promise<void>
}

/** The very sessions of the provider, so that whoever signs in there is signed in for its apps. */
export function createBrowserSessions(provider: Provider): BrowserSessions {
  const cookie = { path: '/', sameSite: 'lax', signed: true, overwrite: true, httpOnly: true } as const
  const name = provider.cookieName('session')
  const current = (req: Request, res: Response) => provider.Session.get(provider.createContext(req, res))

  async function end(req: Request, res: Response): Promise<void> {
    const session = await current(req, res)
    await session.destroy()
    provider.createContext(req, res).cookies.set(name, null, cookie)
  }

  return {
    personOf: async (req, res) => (await current(req, res)).accountId,
    async begin(req, res, personId) {
      await end(req, res)
      const session = await current(req, res)
      session.resetIdentifier()
      session.loginAccount({ accountId: personId, amr: ['pwd'] })
      await session.save(TTL.Session)
      provider.createContext(req, res).cookies.set(name, session.jti, cookie)
    },
    end,
  }
}
