import { type Response, Router } from 'express'
import { sendPage } from '../../shared/pages/pages.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import { connectorsForEmail } from '../connector/connectors.ts'
import { startSso } from '../experience/sso.ts'
import { helpAt, type LogtoContext, withInteractionWhere } from './context.ts'
import { pageFor } from './interaction-url.ts'
import type { Interaction } from './interactions.ts'

/** Logto has a landing page and a form behind it; one form does for both. */
const PATHS = ['/single-sign-on', '/single-sign-on/email']

/** The page that asks for an enterprise email address and sends it to its connector. */
export function createSsoEmailRoutes(context: LogtoContext): Router {
  const router = Router()
  const { tenant } = context

  const isOpen = () => tenant.signInExperience.singleSignOnEnabled

  const send = (res: Response, interaction: Interaction, status: number, email: string, problem = '') =>
    sendPage(res, status, 'logto', 'single-sign-on', {
      title: 'single_sign_on.title',
      action: pageFor('/single-sign-on/email', interaction),
      back: pageFor('/sign-in', interaction),
      email,
      problem,
      help: helpAt(context, '/single-sign-on/email', interaction, email),
    })

  router.get(
    PATHS,
    withInteractionWhere(context, isOpen, (req, res, interaction) =>
      send(res, interaction, 200, textOf(req.query, 'login_hint')),
    ),
  )
  router.post(
    PATHS,
    withInteractionWhere(context, isOpen, async (req, res, interaction) => {
      const email = textOf(req.body, 'email').trim()
      const [connector] = connectorsForEmail(tenant, email)
      if (connector) await startSso(context, res, interaction, connector, email)
      else await send(res, interaction, 400, email, unknownEmail(email))
    }),
  )
  return router
}

const unknownEmail = (email: string) =>
  /^[^@\s]+@[^@\s]+$/.test(email) ? 'single_sign_on.unknown' : 'single_sign_on.not_an_email'
