import express, { type Request, type Response, Router } from 'express'
import { noteOnCall } from '../../shared/call-log.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import { type CompleteConnector, connectorById, isOpenId } from '../connector/connectors.ts'
import { ConnectorFault } from '../connector/fault.ts'
import { type Vouched, vouchedBy } from '../connector/saml/assertion.ts'
import { keep } from '../control/event-log.ts'
import type { LogtoContext } from '../pages/context.ts'
import { sendError } from './experience-api.ts'
import { keepIdpSession } from './idp-session.ts'
import { signInAddress } from './sign-in-address.ts'

/** Where SAML providers send their answers (SAML 2.0 Bindings §3.5): a page of theirs has the browser post them. */
export function createAssertionConsumer(context: LogtoContext): Router {
  const router = Router()
  router.post(
    '/authn/single-sign-on/saml/:connectorId',
    express.urlencoded({ extended: false, limit: '256kb' }),
    async (req: Request<{ connectorId: string }>, res: Response) => {
      const { connectorId } = req.params
      const connector = connectorById(context.tenant, connectorId)
      if (!connector) {
        return sendError(res, 404, 'entity.not_exists_with_id', 'The connector does not exist.')
      }
      if (isOpenId(connector)) return sendError(res, 400, 'connector.unexpected_type', 'Unexpected type.')
      const response = textOf(req.body, 'SAMLResponse')
      if (!response) return sendError(res, 400, 'guard.invalid_input', 'The request body is invalid.')
      const relayState = textOf(req.body, 'RelayState')
      try {
        const next = relayState
          ? await answered(context, connector, response, relayState)
          : await unasked(context, connector, response, res)
        if (next) return res.set('Cache-Control', 'no-store').redirect(302, next)
        sendError(res, 404, 'session.connector_validation_session_not_found', NO_SESSION)
      } catch (error) {
        if (!(error instanceof ConnectorFault)) throw error
        const problem = error.problem(connector.connectorName)
        noteOnCall(res, { problem })
        keep(context.eventLog.connectorFaults, { at: Date.now(), problem })
        sendError(res, 401, 'connector.authorization_failed', 'The connector’s authorization has failed.')
      }
    },
  )
  return router
}

const NO_SESSION = 'Connector session for validation is not found. Please go back and sign in again.'

/** The answer to a request of Logto's, which goes on where the request was made. */
async function answered(
  context: LogtoContext,
  connector: CompleteConnector,
  response: string,
  relayState: string,
): Promise<string | undefined> {
  const attempt = context.samlAttempts.get(relayState)
  if (attempt?.connectorId !== connector.id) return undefined
  const { profile } = await vouchedOnce(context, connector, response, attempt.requestId)
  // Taken only now: an answer that proves nothing must not use up the sign-in of the one it pretends to be for.
  context.samlAttempts.delete(relayState)
  attempt.profile = profile
  const url = new URL(attempt.redirectUri)
  url.searchParams.set('state', attempt.state)
  return url.href
}

/** An answer nobody asked for: a sign-in that begins at the provider, where the connector is set up for that. */
async function unasked(
  context: LogtoContext,
  connector: CompleteConnector,
  response: string,
  res: Response,
): Promise<string | undefined> {
  const config = context.tenant.idpInitiatedAuth.get(connector.id)
  if (!config) return undefined
  const { profile, expiresAt } = await vouchedOnce(context, connector, response, undefined)
  keepIdpSession(context, res, { connectorId: connector.id, profile }, expiresAt)
  return signInAddress(context, connector.id, config)
}

/** Each assertion counts once, however long it is good for (SAML 2.0 Profiles §4.1.4.5). */
async function vouchedOnce(
  { endpoint, assertions }: LogtoContext,
  connector: CompleteConnector,
  response: string,
  requestId: string | undefined,
): Promise<Vouched> {
  const vouched = await vouchedBy(endpoint, connector, response, requestId)
  const id = `${connector.id} ${vouched.assertionId}`
  if (assertions.get(id)) throw new ConnectorFault('unverifiable', 'ERR_REPLAY')
  assertions.set(id, true, Math.ceil((vouched.expiresAt - Date.now()) / 1000))
  return vouched
}
