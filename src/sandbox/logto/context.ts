import type { Request, Response } from 'express'
import { BoundedStore } from '../shared/bounded-store.ts'
import { sendPage } from '../shared/pages.ts'
import { textOf } from '../shared/text-of.ts'
import { findApplication } from './applications.ts'
import { homeOf } from './clients.ts'
import type { SsoAttempt } from './connector-client.ts'
import { pageFor } from './interaction-url.ts'
import type { Interaction, Interactions } from './interactions.ts'
import type { Tenant } from './state.ts'

/** What Logto's pages have in common. */
export interface LogtoContext {
  endpoint: string
  tenant: Tenant
  interactions: Interactions
  /** Sign-ins gone to an identity provider and not yet back, by their `state`. */
  ssoAttempts: BoundedStore<SsoAttempt>
}

export const createSsoAttempts = () => new BoundedStore<SsoAttempt>(1000)

/** A handler for requests that belong to a sign-in in flight; all others get a page with the way back. */
export function withInteraction(
  context: LogtoContext,
  handler: (req: Request, res: Response, interaction: Interaction) => Promise<void>,
) {
  return async (req: Request, res: Response): Promise<void> => {
    const interaction = await context.interactions.find(req, res)
    if (interaction) await handler(req, res, interaction)
    else await sendLostSession(context, req, res)
  }
}

/** The same for a page the tenant may close: then its visitors get the sign-in page instead. */
export function withInteractionWhere(
  context: LogtoContext,
  isOpen: () => boolean,
  handler: (req: Request, res: Response, interaction: Interaction) => Promise<void>,
) {
  return withInteraction(context, async (req, res, interaction) => {
    if (isOpen()) return handler(req, res, interaction)
    res.redirect(303, pageFor('/sign-in', interaction))
  })
}

/** Says that the sign-in is over or was never this browser's. */
export async function sendLostSession({ tenant }: LogtoContext, req: Request, res: Response): Promise<void> {
  const withHome = tenant.applications.filter((application) => homeOf(application) !== undefined)
  const application =
    findApplication(tenant, textOf(req.query, 'app_id')) ?? (withHome.length === 1 ? withHome[0] : undefined)
  await sendPage(res, 400, 'logto', 'lost-session', {
    title: 'This sign-in has ended',
    home: homeOf(application),
    application: application?.name,
  })
}

/** Says why a sign-in could not go on, with two ways out: start over here, or back to the application. */
export async function sendSignInFailed(
  { tenant }: LogtoContext,
  res: Response,
  interaction: Interaction,
  problem: string,
): Promise<void> {
  await sendPage(res, 400, 'logto', 'sign-in-failed', {
    title: 'Sign-in did not succeed',
    problem,
    again: pageFor('/sign-in', interaction),
    cancel: pageFor('/cancel', interaction),
    application: findApplication(tenant, String(interaction.params.client_id))?.name ?? 'the application',
  })
}
