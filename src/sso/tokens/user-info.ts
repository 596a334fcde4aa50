import type { Request } from 'express'
import { LRUCache } from 'lru-cache'
import { AppError } from '../http/app-error.ts'
import { sessionEnded } from '../links/not-signed-in.ts'
import { askUserInfo, isTokenRefusal } from '../logto/ask-user-info.ts'
import type { Logto } from '../logto/logto-client.ts'
import type { Claims } from '../logto/verify/id-token.ts'
import { recordOf, sessionOf } from '../request.ts'
import type { ActiveSession } from '../session/session-data.ts'
import { storeUnavailable } from '../session/store-unavailable.ts'
import { type RenewalContext, renewSession } from './renew-session.ts'

/** Milliseconds in which Logto is not asked again of a person, whatever came of it. */
const rest = 2000

/** People of whom this process remembers what was said. */
const maximumKnown = 1000

interface Said {
  at: number
  answer: Promise<Claims>
}

/**
 * Asks Logto what it says of a signed-in person now, at its userinfo endpoint (OpenID Connect Core 1.0 §5.3), or has said
 * a moment ago: a person who reloads their page all the time has Logto asked every two seconds. Where it takes the access
 * token no more, the session is renewed at once, which tells why (RFC 6750 §3.1).
 *
 * @returns a function that gives undefined, and writes a line to the log, where there is no answer in time or none that
 *   can be used; it raises AppError 401 where the renewal has shown that the session is over
 */
export function userInfos(
  context: RenewalContext & { logto: Logto },
): (req: Request) => Promise<Claims | undefined> {
  const { config, logto } = context
  const said = answersOf(logto)
  /** Sessions whose fresh token was refused as well: to renew once more would help no better. */
  const inVain = new LRUCache<string, true>({ max: 10_000, ttl: 60_000 })

  /** What was said before these tokens were given is older than they are. */
  function known(session: ActiveSession): Promise<Claims> {
    const before = said.get(session.claims.sub)
    const holds = before && before.at >= session.tokensAt && Date.now() - before.at < rest
    return holds ? before.answer : anew(session)
  }

  function anew(session: ActiveSession): Promise<Claims> {
    const answer = askUserInfo(logto, session)
    said.set(session.claims.sub, { at: Date.now(), answer })
    return answer
  }

  async function askOnceMore(req: Request, session: ActiveSession, refusal: unknown): Promise<Claims> {
    await renewSession(req, context, session.logto.accessToken)
    const { session: renewed, storeFault } = recordOf(req)
    if (!renewed) throw storeFault ? storeUnavailable(storeFault) : sessionEnded(config, req)
    if (renewed.tokensAt === session.tokensAt) throw refusal
    return anew(renewed).catch((error) => {
      if (isTokenRefusal(error)) inVain.set(session.id, true)
      throw error
    })
  }

  return async (req) => {
    const session = sessionOf(req)
    try {
      return await known(session).catch((error) => {
        if (!isTokenRefusal(error) || inVain.has(session.id)) throw error
        return askOnceMore(req, session, error)
      })
    } catch (error) {
      if (error instanceof AppError) throw error
      recordOf(req).log.warn({ err: error }, 'userinfo was not read')
      return undefined
    }
  }
}

/** By person; by the Logto that was asked, since several pages ask. */
const answers = new WeakMap<Logto, LRUCache<string, Said>>()

function answersOf(logto: Logto): LRUCache<string, Said> {
  const known = answers.get(logto) ?? new LRUCache({ max: maximumKnown })
  answers.set(logto, known)
  return known
}
