import { promisify } from 'node:util'
import type { Request, Response } from 'express'
import expressSession, { type Session, Store } from 'express-session'
import type { Config } from '../../settings/config.ts'
import { sessionCookie } from './session-cookie.ts'
import type { SignedIn } from './session-data.ts'
import type { KnownSession, SessionStore } from './session-store.ts'

/** As much of a request as express-session reads, and where it puts a session. */
interface EngineRequest {
  readonly headers: Record<string, never>
  readonly url: string
  /** Secure cookies go by BASE_URL: TLS usually ends at a proxy, and the last hop cannot tell what the browser sees. */
  readonly secure: boolean
  session?: Session
  sessionID?: string
}

/** For express-session, which keeps nothing here: a session is stored before the answer with its cookie is begun. */
class NoStore extends Store {
  override get(_id: string, done: (error: unknown, session: null) => void): void {
    done(undefined, null)
  }

  override set(_id: string, _session: unknown, done: () => void = () => {}): void {
    done()
  }

  override destroy(_id: string, done: () => void = () => {}): void {
    done()
  }
}

/**
 * express-session, where a browser is given a session: its ID and its cookie. It gets a request of its own, for it leaves
 * one alone that has a session, and a host app's may be there.
 */
export function sessionEngine(
  config: Pick<Config, 'baseUrl' | 'sessionSecrets'>,
  store: SessionStore,
): {
  /**
   * @returns the new session's ID, once the store has it; and the sessions that ended for it
   * @throws whatever the store throws; then there is none
   */
  begin: (res: Response, signedIn: SignedIn) => Promise<{ id: string; gaveWay: readonly KnownSession[] }>
  /** Gives the browser the cookie of a session that is there. */
  join: (res: Response, id: string) => Promise<void>
} {
  const { name, options } = sessionCookie(config)
  const engineStore = new NoStore()
  const load = expressSession({
    name,
    store: engineStore,
    secret: [...config.sessionSecrets],
    resave: false,
    saveUninitialized: true,
    cookie: { ...options },
  })

  async function fresh(res: Response): Promise<Required<EngineRequest>> {
    const request: EngineRequest = { headers: {}, url: '/', secure: options.secure === true }
    await promisify((done: (error?: unknown) => void) => load(request as unknown as Request, res, done))()
    return request as Required<EngineRequest>
  }

  return {
    async begin(res, signedIn) {
      const request = await fresh(res)
      const { sessionID: id } = request
      const gaveWay = await store.create(id, signedIn).catch((error) => {
        // Or the error page would have the cookie.
        Reflect.deleteProperty(request, 'session')
        throw error
      })
      return { id, gaveWay }
    },
    async join(res, id) {
      const request = await fresh(res)
      request.sessionID = id
      engineStore.createSession(request as unknown as Request, { cookie: request.session.cookie })
    },
  }
}
