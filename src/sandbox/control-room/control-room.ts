import express, { type Request, type Response, Router } from 'express'
import { sendOwnPage, sendPage } from '../shared/pages/pages.ts'
import { requireSameOriginForms } from '../shared/pages/same-origin-forms.ts'
import { textOf } from '../shared/pages/text-of.ts'
import type { ControlRoomParts } from './section.ts'
import { SECTIONS } from './sections.ts'

const UNPROCESSABLE = 422

/**
 * The root of Logto's address, where a person sees who called whom and how the two tenants are set up, has the sandbox
 * misbehave and sees what came of it. Its script asks for the very page again and again, and puts what is new in it in
 * place. It goes before the outage, so that there is a way out of one.
 */
export function createControlRoom(parts: ControlRoomParts): Router {
  const router = Router()
  router.get('/', (req, res) =>
    sendOwnPage(res, 200, 'control-room', 'control-room', {
      title: 'control_room.title',
      wide: true,
      query: languageQuery(req),
      sections: SECTIONS.map(({ id, open, count, locals }) => ({
        id,
        open,
        count: count?.(parts),
        locals: locals(parts),
      })),
    }),
  )
  router.post(
    '/control/:action',
    requireSameOriginForms('control-room', 'foreign_form.control_room'),
    express.urlencoded({ extended: false, limit: '10kb' }),
    async (req: Request<{ action: string }>, res: Response, next) => {
      const { action } = req.params
      const section = SECTIONS.find(({ actions = {} }) => Object.hasOwn(actions, action))
      if (!section) return next()
      const problem = await attempt(() => section.actions?.[action]?.(parts, req.body))
      // A browser unfolds what the address leads into.
      if (problem === undefined) return res.redirect(303, `/${languageQuery(req)}#${section.id}`)
      await sendPage(res, UNPROCESSABLE, 'control-room', 'refused', {
        title: 'control_room.refused',
        back: `/${languageQuery(req)}#${section.id}`,
        problem,
      })
    },
  )
  return router
}

/** The language that the page was asked for by its address stays, from button to button. */
function languageQuery(req: Request): string {
  const asked = textOf(req.query, 'ui_locales')
  return asked && `?${new URLSearchParams({ ui_locales: asked })}`
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
