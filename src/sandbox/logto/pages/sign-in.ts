import { type Response, Router } from 'express'
import { sendPage } from '../../shared/pages/pages.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import { connectorsForEmail } from '../connector/connectors.ts'
import { startSso } from '../experience/sso.ts'
import { checkPassword } from '../state/users.ts'
import { type LogtoContext, UNKNOWN_SESSION, withInteraction } from './context.ts'
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
      title: 'Sign in to your account',
      action: pageFor('/sign-in', interaction),
      register: signInMode !== 'SignIn' && pageFor('/register', interaction),
      singleSignOn: singleSignOnEnabled && pageFor('/single-sign-on/email', interaction),
      username,
      problem,
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
      if (connector) return startSso(context, res, interaction, connector)
      const user = await checkPassword(tenant, username, textOf(req.body, 'password'))
      const problem = user?.isSuspended
        ? 'This account is suspended.'
        : 'Incorrect account or password. Please check your input.'
      if (!user || user.isSuspended) return send(res, interaction, UNPROCESSABLE, username, problem)
      await finishSignIn(context, req, res, interaction, { user })
    }),
  )
  router.get(
    '/reset-password',
    withInteraction(context, (_req, res) =>
      sendPage(res, 200, 'logto', 'message', {
        title: 'Reset password',
        text: 'The sandbox sends no mail, so a password cannot be reset here.',
      }),
    ),
  )
  router.get(UNKNOWN_SESSION, (_req, res) =>
    sendPage(res, 200, 'logto', 'message', {
      title: 'Session not found',
      text: 'Please go back and sign in again.',
    }),
  )
  return router
}
