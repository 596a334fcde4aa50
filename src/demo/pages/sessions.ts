import type { RequestHandler } from 'express'
import type { SingleSignOn } from '../../sso/index.ts'
import { allow } from './content-policy.ts'
import { devicesOf } from './devices.ts'

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
    allow(res, 'script-src', "'self'")
    res.render('sessions', { devices: devicesOf(await sessions.list(req)) })
  }

  /** `POST /sessions/end`: ends the `session` of that reference; or, of the `device` that it is on, all but the one that asks. */
  const end: RequestHandler = async (req, res) => {
    const { session, device } = req.body ?? {}
    const all = await sessions.list(req)
    const ended =
      device === undefined
        ? all.filter(({ reference }) => reference === session)
        : (devicesOf(all)
            .find(({ sessions }) => sessions.some(({ reference }) => reference === device))
            ?.sessions.filter(({ isThis }) => !isThis) ?? [])
    await sessions.end(req, res, ...ended.map(({ reference }) => reference))
    res.redirect(303, ended.some(({ isThis }) => isThis) ? links.home : here)
  }

  /** `POST /sessions/end-others`: ends all but this one. */
  const endOthers: RequestHandler = async (req, res) => {
    await sessions.endOthers(req)
    res.redirect(303, here)
  }

  return { list, end, endOthers }
}
