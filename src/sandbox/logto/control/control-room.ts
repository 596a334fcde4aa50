import express, { type Request, type Response, Router } from 'express'
import { drawFragment, sendOwnPage, sendPage } from '../../shared/pages/pages.ts'
import { requireSameOriginForms } from '../../shared/pages/same-origin-forms.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import { isForgery } from '../oidc/forgeries.ts'
import type { LogoutTarget } from '../oidc/logout-token.ts'
import type { SandboxControl } from './control.ts'
import { type ControlRoomParts, controlRoomLocals, journeyLocals } from './control-room-locals.ts'
import { isTenantSwitch } from './tenant-switches.ts'

export type { ControlRoomContext } from './control-room-locals.ts'

const UNPROCESSABLE = 422

/** The buttons, by the last part of their address; each does what the method of that name does. */
const ACTIONS: Record<string, (control: SandboxControl, form: unknown) => unknown> = {
  'slow-tokens': (control) => control.slowTokens(5000),
  'fail-tokens': (control) => control.failTokens(500),
  'refuse-refresh': (control) => control.refuseRefresh(),
  outage: (control) => control.outage(),
  'clear-faults': (control) => control.clearFaults(),
  'rotate-keys': (control, form) =>
    control.rotateKeys({ kind: textOf(form, 'kind') === 'RSA' ? 'RSA' : 'EC' }),
  'move-clock': (control, form) => control.moveClock(Number(textOf(form, 'seconds'))),
  suspend: (control, form) => control.suspend(textOf(form, 'person')),
  unsuspend: (control, form) => control.unsuspend(textOf(form, 'person')),
  delete: (control, form) => control.delete(textOf(form, 'person')),
  'end-session': (control, form) => control.endSession(textOf(form, 'uid'), 'all'),
  switch(control, form) {
    const name = textOf(form, 'name')
    if (!isTenantSwitch(name)) throw new Error('The form names nothing to switch.')
    control.switchTenant(name, textOf(form, 'on') === 'yes')
  },
  logout(control, form) {
    const how = textOf(form, 'how')
    return control.backchannelLogout(targetOf(form), {
      forged: isForgery(how) ? how : undefined,
      replay: how === 'replay',
    })
  },
}

/**
 * Logto's root page, where a person sees who there is, how the two tenants are wired and how a sign-in goes, has the
 * sandbox misbehave and sees what came of it. It goes before the outage, so that there is a way out of one.
 */
export function createControlRoom(parts: ControlRoomParts): Router {
  const router = Router()
  router.get('/', (_req, res) => sendOwnPage(res, 200, 'logto', 'control-room', controlRoomLocals(parts)))
  // The journey alone, for the page's script to look at again and again.
  router.get('/journey', async (_req, res) => {
    res.set('Cache-Control', 'no-store').type('html')
    res.send(await drawFragment('logto', 'journey', journeyLocals(parts.journey)))
  })
  router.post(
    '/control/:action',
    requireSameOriginForms('logto', 'The control room takes only what its own page sends.'),
    express.urlencoded({ extended: false, limit: '10kb' }),
    async (req: Request<{ action: string }>, res: Response, next) => {
      const { action } = req.params
      const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
      if (!act) return next()
      const problem = await attempt(() => act(parts.control, req.body))
      if (problem === undefined) return res.redirect(303, '/')
      await sendPage(res, UNPROCESSABLE, 'logto', 'message', { title: 'This cannot be done', text: problem })
    },
  )
  return router
}

/** Why it could not be done: somebody else did it first, mostly, and the page was old. */
async function attempt(act: () => unknown): Promise<string | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'The sandbox does not know why.'
  }
}

/** @throws when the form names nobody */
function targetOf(form: unknown): LogoutTarget {
  const sub = textOf(form, 'sub')
  const sid = textOf(form, 'sid')
  if (sid) return { sid, ...(sub && { sub }) }
  if (sub) return { sub }
  throw new Error('The form names neither a person nor a session.')
}
