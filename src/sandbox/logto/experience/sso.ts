import { type Request, type Response, Router } from 'express'
import { noteOnCall } from '../../shared/call-log.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import { TTL } from '../../shared/provider/provider-defaults.ts'
import { secret } from '../../shared/random.ts'
import type { SsoAttempt } from '../connector/attempt.ts'
import { newNonce, profileFrom, providerAddress } from '../connector/client.ts'
import { type CompleteConnector, connectorById } from '../connector/connectors.ts'
import { ConnectorFault } from '../connector/fault.ts'
import { keep } from '../control/event-log.ts'
import {
  type LogtoContext,
  sendLostSession,
  sendToSignIn,
  WRONG_ANSWER,
  withInteraction,
} from '../pages/context.ts'
import { finishSignIn } from '../pages/finish-sign-in.ts'
import { fallbackPage, pageFor } from '../pages/interaction-url.ts'
import type { Interaction } from '../pages/interactions.ts'
import { takeIdpSession } from './idp-session.ts'
import { userOfIdentity } from './sso-users.ts'

/**
 * Sends the browser to the connector's identity provider, for this interaction.
 *
 * @param email what was typed before; what the app sent along, if left out
 */
export async function startSso(
  context: LogtoContext,
  res: Response,
  interaction: Interaction,
  connector: CompleteConnector,
  email = textOf(interaction.params, 'login_hint'),
): Promise<void> {
  const redirectUri = `${context.endpoint}/callback/${connector.id}`
  const state = secret(21)
  context.loginHints.set(state, { email, uiLocales: interaction.params.ui_locales }, TTL.Interaction)
  const url = await orFault(beginSso(context, res, interaction.uid, connector, state, redirectUri))
  if (url instanceof ConnectorFault) return sendFault(context, res, interaction, connector, url)
  res.set('Cache-Control', 'no-store').redirect(303, url)
}

/**
 * Remembers one trip to the identity provider.
 *
 * @returns where the trip begins; its end, for somebody whom the provider has just sent
 * @throws ConnectorFault when the identity provider does not answer
 */
export async function beginSso(
  context: LogtoContext,
  res: Response,
  interactionUid: string,
  connector: CompleteConnector,
  state: string,
  redirectUri: string,
): Promise<string> {
  const attempt: SsoAttempt = {
    interactionUid,
    connectorId: connector.id,
    state,
    nonce: newNonce(),
    redirectUri,
    relayState: secret(21),
  }
  const { endpoint, ssoAttempts, samlAttempts, loginHints } = context
  const sent = takeIdpSession(context, res, connector)
  if (sent) attempt.profile = sent
  const url = sent
    ? `${redirectUri}?${new URLSearchParams({ state })}`
    : await providerAddress(endpoint, connector, attempt)
  ssoAttempts.set(state, attempt, TTL.Interaction)
  if (attempt.requestId) {
    samlAttempts.set(attempt.relayState, attempt, TTL.Interaction)
    const hint = loginHints.get(state)
    if (hint) loginHints.set(attempt.relayState, hint, TTL.Interaction)
  }
  return url
}

/** The enterprise half of a sign-in that no page is needed for: straight to a connector, and the way back. */
export function createSsoRoutes(context: LogtoContext): Router {
  const router = Router()
  router.get(
    '/direct/:method{/:target}',
    withInteraction(context, async (req, res, interaction) => {
      const { method, target = '' } = req.params as { method: string; target?: string }
      const connector = method === 'sso' ? connectorById(context.tenant, target) : undefined
      if (connector) return startSso(context, res, interaction, connector)
      res.redirect(303, pageFor(fallbackPage(textOf(req.query, 'fallback')), interaction))
    }),
  )
  router.get('/callback/:connectorId', (req, res) => finishSso(context, req, res))
  return router
}

/** The identity provider's answer: used once, for the sign-in that this browser began last. */
async function finishSso(context: LogtoContext, req: Request, res: Response): Promise<void> {
  const { tenant, interactions, ssoAttempts } = context
  const interaction = await interactions.find(req, res)
  if (!interaction) return sendLostSession(context, res)
  const answer = new URL(req.originalUrl, context.endpoint).searchParams
  const attempt = ssoAttempts.get(answer.get('state') ?? '')
  const connector = attempt && connectorById(tenant, attempt.connectorId)
  // Another tab may have begun a sign-in meanwhile, which takes the place of this one.
  const isOwn = attempt?.interactionUid === interaction.uid && attempt.connectorId === req.params.connectorId
  if (!attempt || !connector || !isOwn) return sendToSignIn(context, res, interaction, WRONG_ANSWER)
  // Taken only now: an answer in a stranger's browser must not use up the sign-in of the one it belongs to.
  ssoAttempts.delete(attempt.state)
  const profile = await orFault(profileFrom(connector, attempt, answer))
  if (profile instanceof ConnectorFault) return sendFault(context, res, interaction, connector, profile)
  const identified = userOfIdentity(tenant, connector, profile)
  if (!identified || identified.user.isSuspended) {
    const toast = identified ? 'sign_in.suspended' : 'toasts.not_registered'
    return sendToSignIn(context, res, interaction, toast)
  }
  await finishSignIn(context, req, res, interaction, identified)
}

/** A failed connector is an outcome; every other error goes on to the failure page. */
const orFault = <T>(step: Promise<T>): Promise<T | ConnectorFault> =>
  step.catch((error: unknown) => {
    if (error instanceof ConnectorFault) return error
    throw error
  })

/** What happened is told to the operator alone, as in Logto's audit log; the person reads the same of every fault. */
function sendFault(
  context: LogtoContext,
  res: Response,
  interaction: Interaction,
  { connectorName }: CompleteConnector,
  fault: ConnectorFault,
): void {
  const problem = fault.problem(connectorName)
  noteOnCall(res, { problem })
  keep(context.eventLog.connectorFaults, { at: Date.now(), problem })
  sendToSignIn(context, res, interaction, fault.isUnreachable ? UNUSABLE : WRONG_ANSWER)
}

/** What Logto says of a connector whose issuer it cannot read. */
const UNUSABLE = 'toasts.unusable'
