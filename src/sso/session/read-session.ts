import type { Request, RequestHandler } from 'express'
import type { Config } from '../../settings/config.ts'
import { endAtLimit, withoutSession } from './session.ts'
import { sessionCookie } from './session-cookie.ts'
import { isSignedIn } from './session-data.ts'
import type { SessionStore } from './session-store.ts'
import { signedCookie } from './signed-cookie.ts'

/**
 * Who is there, read only: all that a page needs, for one look into the store, and none for a visitor without our
 * cookie. There is no `req.session` to write to; where one is wanted, `sessions` makes it. The absolute limit holds,
 * and while the store is away a request goes on without a session, as it does there.
 *
 * @param config the cookie's name and signing secrets
 */
export function visitors(
  config: Pick<Config, 'baseUrl' | 'sessionSecrets'>,
  store: SessionStore,
): RequestHandler {
  const idIn = signedCookie(sessionCookie(config).name, config.sessionSecrets)

  async function look(req: Request, id: string): Promise<void> {
    try {
      const session = await store.read(id)
      if (session && isSignedIn(session)) req.seen = { session: { ...session, id }, store }
    } catch (error) {
      withoutSession(req, error)
    }
    await endAtLimit(req)
  }

  return (req, _res, next) => {
    const id = idIn(req.headers.cookie)
    if (id === undefined) return next()
    look(req, id).then(() => next(), next)
  }
}
