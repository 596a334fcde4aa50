import { type Response, Router } from 'express'
import { sendPage } from '../../shared/pages/pages.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import { connectorsForEmail } from '../connector/connectors.ts'
import { startSso } from '../experience/sso.ts'
import { findUser, register } from '../state/users.ts'
import { type LogtoContext, withInteractionWhere } from './context.ts'
import { finishSignIn } from './finish-sign-in.ts'
import { pageFor } from './interaction-url.ts'
import { accountOf, type Interaction } from './interactions.ts'

const PATHS = ['/register', '/identifier-register']
const UNPROCESSABLE = 422

/** Making a local account, where the tenant lets people. */
export function createRegisterRoutes(context: LogtoContext): Router {
  const router = Router()
  const { tenant, interactions } = context

  const isOpen = () => tenant.signInExperience.signInMode !== 'SignIn'

  const send = (res: Response, interaction: Interaction, status: number, username: string, problem = '') =>
    sendPage(res, status, 'logto', 'register', {
      title: 'register.title',
      action: pageFor('/register', interaction),
      signIn: pageFor('/sign-in', interaction),
      username,
      problem,
    })

  /** The account this very sign-in has just made, when the button was pressed twice. */
  const justMade = async (interaction: Interaction, username: string) => {
    const latest = await interactions.latest(interaction)
    const user = findUser(tenant, accountOf(latest?.result) ?? '')
    return user?.username === username ? user : undefined
  }

  router.get(
    PATHS,
    withInteractionWhere(context, isOpen, (req, res, interaction) =>
      send(res, interaction, 200, textOf(req.query, 'login_hint')),
    ),
  )
  router.post(
    PATHS,
    withInteractionWhere(context, isOpen, async (req, res, interaction) => {
      const username = textOf(req.body, 'username').trim()
      const [connector] = connectorsForEmail(tenant, username)
      if (connector) return startSso(context, res, interaction, connector, username)
      const made = await register(tenant, username, textOf(req.body, 'password'))
      const user = 'user' in made ? made.user : await justMade(interaction, username)
      if (!user) {
        return send(res, interaction, UNPROCESSABLE, username, 'problem' in made ? made.problem : '')
      }
      await finishSignIn(context, req, res, interaction, {
        user,
        ...('user' in made && { change: 'User.Created' }),
      })
    }),
  )
  return router
}
