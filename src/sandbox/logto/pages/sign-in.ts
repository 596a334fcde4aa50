import { type Response, Router } from 'express'
import { sendPage } from '../../shared/pages/pages.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import { connectorsForEmail } from '../connector/connectors.ts'
import { startSso } from '../experience/sso.ts'
import { checkPassword } from '../state/users.ts'
import { helpAt, type LogtoContext, UNKNOWN_SESSION, withInteraction } from './context.ts'
import { finishSignIn } from './finish-sign-in.ts'
import { pageFor } from './interaction-url.ts'
import type { Interaction } from './interactions.ts'

const PATHS = ['/sign-in', '/identifier-sign-in']
const UNPROCESSABLE = 422

/** Signing in with username and password, and the pages that lead nowhere. */
export function createSignInRoutes(context: LogtoContext): Router {
  const router = Router()
  const { tenant, toasts } = context

  const send = (res: Response, interaction: Interaction, status: number, username: string, problem = '') => {
    const { signInMode, singleSignOnEnabled } = tenant.signInExperience
    const toast = toasts.get(interaction.uid)
    toasts.delete(interaction.uid)
    return sendPage(res, status, 'logto', 'sign-in', {
      title: 'sign_in.title',
      action: pageFor('/sign-in', interaction),
      register: signInMode !== 'SignIn' && pageFor('/register', interaction),
      singleSignOn: singleSignOnEnabled && pageFor('/single-sign-on/email', interaction),
      username,
      problem,
      help: singleSignOnEnabled && helpAt(context, '/sign-in', interaction, username),
      toast,
    })
  }

  router.get(
    PATHS,
    withInteraction(context, (req, res, interaction) =>
      send(res, interaction, 200, textOf(req.query, 'login_hint')),
    ),
  )
  router.post(
    PATHS,
    withInteraction(context, async (req, res, interaction) => {
      const username = textOf(req.body, 'username').trim()
      const [connector] = connectorsForEmail(tenant, username)
      if (connector) return startSso(context, res, interaction, connector, username)
      const user = await checkPassword(tenant, username, textOf(req.body, 'password'))
      const problem = user?.isSuspended ? 'sign_in.suspended' : 'sign_in.incorrect'
      if (!user || user.isSuspended) return send(res, interaction, UNPROCESSABLE, username, problem)
      await finishSignIn(context, req, res, interaction, { user })
    }),
  )
  router.get(
    '/reset-password',
    withInteraction(context, (_req, res) =>
      sendPage(res, 200, 'logto', 'message', {
        title: 'reset_password.title',
        text: 'reset_password.text',
      }),
    ),
  )
  router.get(UNKNOWN_SESSION, (_req, res) =>
    sendPage(res, 200, 'logto', 'message', {
      title: 'session_not_found.title',
      text: 'session_not_found.text',
    }),
  )
  return router
}
