import type { Request, RequestHandler } from 'express'
import type { AuthContext } from '../../sso/context.ts'
import { fieldOf } from '../../sso/guards/same-origin-forms.ts'
import { seeOther } from '../../sso/http/answer/see-other.ts'
import { AppError } from '../../sso/http/app-error.ts'
import { audit, sessionReference } from '../../sso/http/audit-log.ts'
import { endSession } from '../../sso/session/session.ts'
import { isSignedIn, signedInSession } from '../../sso/session/session-data.ts'
import type { KnownSession } from '../../sso/session/session-store.ts'
import { sessionsAway } from '../../sso/session/store-unavailable.ts'
import { visitorOf } from '../../sso/session/visitor.ts'
import { endAtLogto } from '../../sso/sign-out/end-at-logto.ts'

type Context = Pick<AuthContext, 'config' | 'logto' | 'store' | 'revoke'>

/**
 * `/sessions` and the forms on it, behind `requireSignIn`; the forms behind `ownForms` too. A session is named by its
 * reference, and only among the person's own.
 */
export function ownSessions({ config, logto, store, revoke }: Context) {
  const onward = endAtLogto({ config, logto })
  const mine = async (req: Request): Promise<KnownSession[]> =>
    (await store.find(`sub:${here(req).sub}`).catch(away)).filter(({ session }) => isSignedIn(session))

  async function end(req: Request, sessions: readonly KnownSession[]): Promise<void> {
    for (const { id, session } of sessions) {
      // Somebody may have been faster.
      if (!(await store.end(id).catch(away))) continue
      audit(req, { audit: 'ended', by: 'ended_by_person', sub: session.sub ?? '', session: id })
    }
  }

  const list: RequestHandler = async (req, res) => {
    const { id: current } = here(req)
    const sessions = (await mine(req))
      .map(({ id, session: { startedAt = 0, endsAt = 0, from = {} } }) => ({
        reference: sessionReference(id),
        isThis: id === current,
        startedAt: new Date(startedAt),
        endsAt: new Date(endsAt),
        ...from,
      }))
      .sort((a, b) => Number(b.isThis) - Number(a.isThis) || b.startedAt.getTime() - a.startedAt.getTime())
    res.render('sessions', { sessions })
  }

  /** `POST /sessions/end`: ends the one that the form names. */
  const endOne: RequestHandler = async (req, res) => {
    const reference = fieldOf(req, 'session')
    const found = (await mine(req)).find(({ id }) => sessionReference(id) === reference)
    if (!found) throw new AppError({ status: 404, code: 'no_such_session' })
    const isThis = found.id === here(req).id
    if (isThis) await endSession(req, res, config).catch(away)
    else await end(req, [found])
    seeOther(res, `${config.baseUrl}/${isThis ? '' : 'sessions'}`)
  }

  /** `POST /sessions/end-others`: ends all but this one. */
  const endOthers: RequestHandler = async (req, res) => {
    const { id: current } = here(req)
    await end(
      req,
      (await mine(req)).filter(({ id }) => id !== current),
    )
    seeOther(res, `${config.baseUrl}/sessions`)
  }

  /** `POST /sessions/end-everywhere`: ends all of them, sign-ins in flight included, and this browser's at Logto. */
  const endEverywhere: RequestHandler = async (req, res) => {
    const { sub } = here(req)
    const visitor = visitorOf(req)
    await endSession(req, res, config).catch(away)
    const others = await store.endAll(`sub:${sub}`).catch(away)
    for (const { id, session } of others) {
      audit(req, { audit: 'ended', by: 'ended_by_person', sub, session: id })
      revoke(session)
    }
    await onward(res, visitor, { everywhere: true })
  }

  return { list, endOne, endOthers, endEverywhere }
}

function here(req: Request) {
  const session = signedInSession(req)
  if (!session) throw new Error('this page is mounted without requireSignIn')
  return session
}

function away(error: unknown): never {
  throw sessionsAway(error)
}
