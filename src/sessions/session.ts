import { promisify } from 'node:util'
import type { Request, RequestHandler, Response } from 'express'
import expressSession, { type Store } from 'express-session'
import type { Config } from '../config.ts'
import { cookieShape } from './session-cookie.ts'
import { type SessionTokens, sessionOf } from './session-data.ts'

const sessionCookie = (config: Pick<Config, 'baseUrl'>) => cookieShape(config, 'session')

/**
 * express-session as this app uses it: nothing is stored for a visitor who is not signed in, and a request that
 * changes nothing writes nothing.
 *
 * @param config cookie attributes and signing secrets
 * @param store where sessions live
 */
export function sessions(config: Config, store: Store): RequestHandler {
  const { name, options } = sessionCookie(config)
  return expressSession({
    name,
    store,
    secret: [...config.sessionSecrets],
    resave: false,
    saveUninitialized: false,
    cookie: { ...options },
  })
}

/**
 * Puts these tokens into a new session of a new ID and waits until the store has it, so that the page the browser
 * is sent to next finds it. The session the browser had before is gone: an ID that somebody planted or saw is
 * worth nothing (session fixation).
 *
 * @throws whatever the store throws; then no session was begun
 */
export async function beginSession(req: Request, tokens: SessionTokens): Promise<void> {
  await settled((done) => sessionOf(req).regenerate(done))
  const session = sessionOf(req)
  session.logto = tokens
  await settled((done) => session.save(done)).catch((error) => {
    // Or express-session would try once more when the error page is sent.
    Reflect.deleteProperty(req, 'session')
    throw error
  })
}

/** Ends the browser's session, in the store and in the browser. @throws whatever the store throws */
export async function endSession(
  req: Request,
  res: Response,
  config: Pick<Config, 'baseUrl'>,
): Promise<void> {
  const { name, options } = sessionCookie(config)
  res.clearCookie(name, options) // even if the store is away: then it is out of this browser at least
  await settled((done) => sessionOf(req).destroy(done))
}

const settled = (start: (done: (error?: unknown) => void) => void) => promisify(start)()
