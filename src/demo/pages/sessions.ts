import type { RequestHandler } from 'express'
import type { SingleSignOn } from '../../sso/index.ts'

/**
 * `/sessions` and the forms on it, behind `requireSignIn`; the forms behind `requireSameOrigin` too. A session is named
 * by its reference, and only among the person's own.
 */
export function sessionPages({
  sessions,
  links,
}: SingleSignOn): Record<'list' | 'end' | 'endOthers', RequestHandler> {
  const here = `${links.home}sessions`

  const list: RequestHandler = async (req, res) => {
    res.render('sessions', { sessions: await sessions.list(req) })
  }

  /** `POST /sessions/end`: ends the one that the form names. */
  const end: RequestHandler = async (req, res) => {
    const reference = String(req.body?.session ?? '')
    const isThis = (await sessions.list(req)).find(({ isThis }) => isThis)?.reference === reference
    await sessions.end(req, res, reference)
    res.redirect(303, isThis ? links.home : here)
  }

  /** `POST /sessions/end-others`: ends all but this one. */
  const endOthers: RequestHandler = async (req, res) => {
    await sessions.endOthers(req)
    res.redirect(303, here)
  }

  return { list, end, endOthers }
}
