import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { BoundedStore } from '../../shared/bounded-store.ts'
import { TTL } from '../../shared/provider/provider-defaults.ts'
import { logtoId } from '../../shared/random.ts'
import { connectorById, connectorsForEmail } from '../connector/connectors.ts'
import { ConnectorFault } from '../connector/fault.ts'
import type { LogtoContext } from '../pages/context.ts'
import type { Interaction } from '../pages/interactions.ts'
import { beginSso } from './sso.ts'

const Begin = z.object({ interactionEvent: z.enum(['SignIn', 'Register', 'ForgotPassword']) })
const ByEmail = z.object({ email: z.email() })
const Authorization = z.object({ state: z.string().min(1), redirectUri: z.url() })

interface WithInteraction {
  interaction: Interaction
}

/**
 * The parts of Logto's Experience API that tell, without credentials, whether enterprise sign-in is wired: which
 * connector an email goes to, and where that connector would send the browser.
 */
export function createExperienceApi(context: LogtoContext): Router {
  const { tenant } = context
  const router = Router()
  const begun = new BoundedStore<true>(1000)

  const requireInteraction = async (
    req: Request,
    res: Response<unknown, WithInteraction>,
    next: NextFunction,
  ) => {
    const interaction = await context.interactions.find(req, res)
    if (!interaction) {
      return sendError(
        res,
        400,
        'session.not_found',
        'Session not found. Please go back and sign in again.',
        {
          error: 'invalid_request',
          error_description: 'interaction session not found',
        },
      )
    }
    res.locals.interaction = interaction
    next()
  }
  router.use(express.json({ limit: '10kb' }), requireInteraction)

  router.put('/', (req, res: Response<unknown, WithInteraction>) => {
    const { data } = Begin.safeParse(req.body)
    if (!data) return sendInvalidInput(res, 'body')
    begun.set(res.locals.interaction.uid, true, TTL.Interaction)
    res.status(204).end()
  })

  router.get('/sso-connectors', (req, res) => {
    const { data } = ByEmail.safeParse(req.query)
    if (!data) return sendInvalidInput(res, 'query')
    res.json({ connectorIds: connectorsForEmail(tenant, data.email).map(({ id }) => id) })
  })

  router.post(
    '/verification/sso/:connectorId/authorization-uri',
    async (req: Request<{ connectorId: string }>, res: Response<unknown, WithInteraction>) => {
      const { data } = Authorization.safeParse(req.body)
      if (!data) return sendInvalidInput(res, 'body')
      const { uid } = res.locals.interaction
      if (!begun.get(uid)) {
        const message = 'Interaction session not found. Please go back and start the session again.'
        return sendError(res, 404, 'session.interaction_not_found', message)
      }
      const connector = connectorById(tenant, req.params.connectorId)
      if (!connector) {
        return sendError(res, 404, 'connector.not_found', 'Cannot find any available connector for this ID.')
      }
      try {
        const url = await beginSso(context, res, uid, connector, data.state, data.redirectUri)
        res.json({ authorizationUri: url, verificationId: logtoId(21) })
      } catch (error) {
        if (!(error instanceof ConnectorFault)) throw error
        sendError(res, 500, 'connector.general', 'The connector could not read its issuer.')
      }
    },
  )

  router.use((error: { status?: number }, _req: Request, res: Response, next: NextFunction) => {
    if (error.status && error.status < 500) sendInvalidInput(res, 'body')
    else next(error)
  })
  return router
}

const sendInvalidInput = (res: Response, part: 'body' | 'query') =>
  sendError(res, 400, 'guard.invalid_input', `The request ${part} is invalid.`)

export function sendError(
  res: Response,
  status: number,
  code: string,
  message: string,
  more: Record<string, unknown> = {},
): void {
  res
    .status(status)
    .set('Cache-Control', 'no-store')
    .json({ code, message, ...more })
}
