import { type Response, Router } from 'express'
import { sendPage, textOf } from '../shared/pages.ts'
import { connectorsForEmail } from './connectors.ts'
import { type LogtoContext, sendSignInFailed, withInteraction } from './context.ts'
import { type Interaction, pageFor } from './interactions.ts'
import { startSso } from './sso.ts'
import { checkPassword, register, touchSignIn } from './users.ts'

const UNPROCESSABLE = 422

/** The local half of the sign-in pages: username and password, sign-up, and giving up. */
export function createSignInRoutes(context: LogtoContext): Router {
  const router = Router()
  const { tenant, interactions } = context

  const send = (
    kind: 'sign-in' | 'register',
    res: Response,
    interaction: Interaction,
    { status = 200, username, problem = '' }: { status?: number; username: string; problem?: string },
  ) =>
    sendPage(res, status, 'logto', kind, {
      title: kind === 'sign-in' ? 'Sign in to your account' : 'Create your account',
      action: pageFor(`/${kind}`, interaction),
      signIn: pageFor('/sign-in', interaction),
      register: tenant.signInExperience.signInMode !== 'SignIn' && pageFor('/register', interaction),
      singleSignOn:
        tenant.signInExperience.singleSignOnEnabled && pageFor('/single-sign-on/email', interaction),
      username,
      problem,
    })

  router.get(
    ['/sign-in', '/identifier-sign-in'],
    withInteraction(context, (req, res, interaction) =>
      send('sign-in', res, interaction, { username: textOf(req.query, 'login_hint') }),
    ),
  )
  router.post(
    ['/sign-in', '/identifier-sign-in'],
    withInteraction(context, async (req, res, interaction) => {
      const username = textOf(req.body, 'username').trim()
      const [connector] = connectorsForEmail(tenant, username)
      if (connector) return startSso(context, res, interaction, connector)
      const user = await checkPassword(tenant, username, textOf(req.body, 'password'))
      const problem = user?.isSuspended
        ? 'This account is suspended.'
        : 'Incorrect account or password. Please check your input.'
      if (!user || user.isSuspended) {
        return send('sign-in', res, interaction, { status: UNPROCESSABLE, username, problem })
      }
      touchSignIn(user)
      await interactions.finish(res, interaction, { login: { accountId: user.id } })
    }),
  )
  router.get(
    ['/register', '/identifier-register'],
    withInteraction(context, async (req, res, interaction) => {
      if (tenant.signInExperience.signInMode === 'SignIn')
        return res.redirect(303, pageFor('/sign-in', interaction))
      await send('register', res, interaction, { username: textOf(req.query, 'login_hint') })
    }),
  )
  router.post(
    ['/register', '/identifier-register'],
    withInteraction(context, async (req, res, interaction) => {
      if (tenant.signInExperience.signInMode === 'SignIn')
        return res.redirect(303, pageFor('/sign-in', interaction))
      const username = textOf(req.body, 'username').trim()
      const [connector] = connectorsForEmail(tenant, username)
      if (connector) return startSso(context, res, interaction, connector)
      const made = await register(tenant, username, textOf(req.body, 'password'))
      if ('problem' in made) {
        return send('register', res, interaction, { status: UNPROCESSABLE, username, problem: made.problem })
      }
      touchSignIn(made.user)
      await interactions.finish(res, interaction, { login: { accountId: made.user.id } })
    }),
  )
  router.get(
    '/reset-password',
    withInteraction(context, (_req, res, interaction) =>
      sendSignInFailed(
        context,
        res,
        interaction,
        'The sandbox sends no mail, so a password cannot be reset here.',
      ),
    ),
  )
  router.post(
    '/cancel',
    withInteraction(context, (_req, res, interaction) =>
      interactions.finish(res, interaction, {
        error: 'access_denied',
        error_description: 'End-User aborted interaction',
      }),
    ),
  )
  return router
}
