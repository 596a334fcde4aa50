import { type Request, type Response, Router } from 'express'
import { AuthorizationResponseError } from 'openid-client'
import { sendPage, textOf } from '../shared/pages.ts'
import { TTL } from '../shared/provider-defaults.ts'
import { secret } from '../shared/random.ts'
import { authorizationUrl, newNonce, profileFrom, type SsoAttempt } from './connector-client.ts'
import { type CompleteConnector, connectorById, connectorsForEmail } from './connectors.ts'
import { type LogtoContext, sendLostSession, sendSignInFailed, withInteraction } from './context.ts'
import { type Interaction, pageFor } from './interactions.ts'
import { userOfIdentity } from './sso-users.ts'
import { touchSignIn } from './users.ts'

const FALLBACKS = new Set(['sign-in', 'register', 'single-sign-on/email'])

/** Sends the browser to the connector's identity provider, for this interaction. */
export async function startSso(
  context: LogtoContext,
  res: Response,
  interaction: Interaction,
  connector: CompleteConnector,
): Promise<void> {
  try {
    const { uid } = interaction
    const url = await beginSso(context, uid, connector, secret(21), callbackOf(context, connector))
    res.set('Cache-Control', 'no-store').redirect(303, url)
  } catch {
    const problem = `${connector.connectorName} does not answer. Try again in a moment.`
    await sendSignInFailed(context, res, interaction, problem)
  }
}

/**
 * Remembers one trip to the identity provider.
 *
 * @returns where the trip begins
 * @throws when the identity provider does not answer
 */
export async function beginSso(
  { ssoAttempts }: LogtoContext,
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
  }
  const url = await authorizationUrl(connector, attempt)
  ssoAttempts.set(state, attempt, TTL.Interaction)
  return url
}

export const callbackOf = ({ endpoint }: LogtoContext, connector: { id: string }) =>
  `${endpoint}/callback/${connector.id}`

/** The enterprise half of the sign-in pages: by email, direct, and the way back from the identity provider. */
export function createSsoRoutes(context: LogtoContext): Router {
  const router = Router()
  const { tenant } = context

  const sendEmailPage = (
    res: Response,
    interaction: Interaction,
    status: number,
    email: string,
    problem = '',
  ) =>
    sendPage(res, status, 'logto', 'single-sign-on', {
      title: 'Single Sign-On',
      action: pageFor('/single-sign-on/email', interaction),
      back: pageFor('/sign-in', interaction),
      email,
      problem,
    })

  router.get(
    '/single-sign-on/email',
    withInteraction(context, (req, res, interaction) =>
      sendEmailPage(res, interaction, 200, textOf(req.query, 'login_hint')),
    ),
  )
  router.post(
    '/single-sign-on/email',
    withInteraction(context, async (req, res, interaction) => {
      const email = textOf(req.body, 'email').trim()
      const [connector] = connectorsForEmail(tenant, email)
      if (connector) await startSso(context, res, interaction, connector)
      else await sendEmailPage(res, interaction, 400, email, unknownEmail(email))
    }),
  )
  router.get(
    '/direct/:method/:target',
    withInteraction(context, async (req, res, interaction) => {
      const { method, target } = req.params as { method: string; target: string }
      const connector = method === 'sso' ? connectorById(tenant, target) : undefined
      if (connector) return startSso(context, res, interaction, connector)
      const fallback = textOf(req.query, 'fallback')
      const page = FALLBACKS.has(fallback) ? `/${fallback}` : '/sign-in'
      res.redirect(303, pageFor(page, interaction))
    }),
  )
  router.get('/callback/:connectorId', (req, res) => finishSso(context, req, res))
  return router
}

const unknownEmail = (email: string) =>
  /^[^@\s]+@[^@\s]+$/.test(email)
    ? 'Single sign-on is not set up for this email address. Check it, or sign in another way.'
    : 'Enter a whole email address, such as name@company.example.'

/** The identity provider's answer: used once, for the interaction and the browser it was begun for. */
async function finishSso(context: LogtoContext, req: Request, res: Response): Promise<void> {
  const { tenant, interactions, ssoAttempts } = context
  const answer = new URL(req.originalUrl, context.endpoint).searchParams
  const attempt = ssoAttempts.get(answer.get('state') ?? '')
  const interaction = attempt && (await interactions.findByUid(req, attempt.interactionUid))
  if (!attempt || !interaction || attempt.connectorId !== req.params.connectorId) {
    return sendLostSession(context, req, res)
  }
  // Taken only now: an answer in a stranger's browser must not use up the sign-in of the one it belongs to.
  ssoAttempts.delete(attempt.state)
  const connector = connectorById(tenant, attempt.connectorId)
  if (!connector) {
    return sendSignInFailed(context, res, interaction, 'This connector is no longer available.')
  }
  try {
    const profile = await profileFrom(connector, attempt, answer)
    const user = userOfIdentity(tenant, connector, profile)
    if (user.isSuspended) {
      return await sendSignInFailed(context, res, interaction, 'This account is suspended.')
    }
    touchSignIn(user)
    await interactions.finish(res, interaction, { login: { accountId: user.id } })
  } catch (error) {
    await sendSignInFailed(context, res, interaction, problemOf(error, connector))
  }
}

/** The identity provider's own words where it gave any; the rest is for nobody's screen. */
function problemOf(error: unknown, { connectorName }: CompleteConnector): string {
  if (error instanceof AuthorizationResponseError) {
    return `${connectorName} answered: ${error.error_description ?? error.error}`
  }
  return `The answer of ${connectorName} could not be verified. Start again.`
}
