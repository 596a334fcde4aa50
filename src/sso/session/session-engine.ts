import { promisify } from 'node:util'
import type { Request, Response } from 'express'
import expressSession, { type Session, type SessionData } from 'express-session'
import type { Config } from '../../settings/config.ts'
import { sessionCookie } from './session-cookie.ts'
import type { SignedIn } from './session-data.ts'
import type { SessionStore } from './session-store.ts'

/** As much of a request as express-session reads, and where it puts a session. */
interface EngineRequest {
  readonly headers: Record<string, never>
  readonly url: string
  /** Secure cookies go by BASE_URL: TLS usually ends at a proxy, and the last hop cannot tell what the browser sees. */
  readonly secure: boolean
  session?: Session
  sessionID?: string
}

/**
 * express-session, where a browser is given a session. It gets a request of its own, for it leaves one alone that has a
 * session, and a host app's may be there; what a session holds beside, the host's requests do not see.
 */
export function sessionEngine(
  config: Pick<Config, 'baseUrl' | 'sessionSecrets'>,
  store: SessionStore,
): {
  /** @returns the new session, which the store has @throws whatever the store throws; then there is none */
  begin: (res: Response, signedIn: SignedIn) => Promise<Session>
  /** Gives the browser the cookie of a session that is there. @param data what the store has of it */
  join: (res: Response, id: string, data: SessionData) => Promise<void>
} {
  const { name, options } = sessionCookie(config)
  const load = expressSession({
    name,
    store,
    secret: [...config.sessionSecrets],
    resave: false,
    saveUninitialized: false,
    cookie: { ...options },
  })

  /** Without a cookie it begins an empty session, which nothing is stored of until something is put into it. */
  async function fresh(res: Response): Promise<Required<EngineRequest>> {
    const request: EngineRequest = { headers: {}, url: '/', secure: options.secure === true }
    await promisify((done: (error?: unknown) => void) => load(request as unknown as Request, res, done))()
    return request as Required<EngineRequest>
  }

  return {
    async begin(res, signedIn) {
      const request = await fresh(res)
      const { session } = request
      Object.assign(session, signedIn)
      await promisify((done: (error?: unknown) => void) => session.save(done))().catch((error) => {
        // Or express-session would try once more when the error page is sent.
        Reflect.deleteProperty(request, 'session')
        throw error
      })
      return session
    },
    async join(res, id, data) {
      const request = await fresh(res)
      request.sessionID = id
      store.createSession(request as unknown as Request, data)
    },
  }
}
