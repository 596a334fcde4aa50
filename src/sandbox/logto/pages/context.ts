import type { Request, Response } from 'express'
import type { Account } from '../../company.ts'
import { BoundedStore } from '../../shared/bounded-store.ts'
import type { LoginHints } from '../../shared/login-hints.ts'
import { TTL } from '../../shared/provider/provider-defaults.ts'
import type { SsoAttempt, SsoProfile } from '../connector/attempt.ts'
import type { HookParts } from '../webhooks.ts'
import { pageFor } from './interaction-url.ts'
import type { Interaction, Interactions } from './interactions.ts'

/** Somebody whom a SAML provider has sent unasked. */
export interface IdpSession {
  connectorId: string
  profile: SsoProfile
}

/** What Logto's pages have in common. */
export interface LogtoContext extends HookParts {
  endpoint: string
  interactions: Interactions
  /** Whom one can sign in as at Okta. */
  accounts: readonly Account[]
  loginHints: LoginHints
  /** Sign-ins gone to an identity provider and not yet back, by their `state`. */
  ssoAttempts: BoundedStore<SsoAttempt>
  /** Those of them gone to a SAML provider that has not answered, by their `RelayState`. */
  samlAttempts: BoundedStore<SsoAttempt>
  /** Assertions of SAML providers that have been used, by connector and ID. */
  assertions: BoundedStore<true>
  /** By what a cookie holds. */
  idpSessions: BoundedStore<IdpSession>
  /** What the sign-in page is to say when it is drawn next, by the interaction's ID: a key of the words. */
  toasts: BoundedStore<string>
}

const KEPT = 1000

type Stores = 'ssoAttempts' | 'samlAttempts' | 'assertions' | 'idpSessions' | 'toasts'

export const createContext = (parts: Omit<LogtoContext, Stores>): LogtoContext => ({
  ...parts,
  ssoAttempts: new BoundedStore(KEPT),
  samlAttempts: new BoundedStore(KEPT),
  assertions: new BoundedStore(KEPT),
  idpSessions: new BoundedStore(KEPT),
  toasts: new BoundedStore(KEPT),
})

/** A handler for requests that belong to a sign-in in flight; all others learn that there is none. */
export function withInteraction(
  context: LogtoContext,
  handler: (req: Request, res: Response, interaction: Interaction) => Promise<void>,
) {
  return async (req: Request, res: Response): Promise<void> => {
    const interaction = await context.interactions.find(req, res)
    if (interaction) await handler(req, res, interaction)
    else sendLostSession(context, res)
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

/** What a page shows beside its form: whom one can sign in as, each a link to the same page with the address filled in. */
export const helpAt = (
  { accounts }: LogtoContext,
  path: string,
  interaction: Interaction,
  typed: string,
) => ({
  filled: typed,
  accounts: accounts.map((account) => ({
    ...account,
    href: pageFor(path, interaction, { login_hint: account.email }),
  })),
})

/** The browser has no sign-in under way: Logto says so, and leads nowhere unless the tenant names an address. */
export function sendLostSession({ tenant }: LogtoContext, res: Response): void {
  const { unknownSessionRedirectUrl } = tenant.signInExperience
  res.set('Cache-Control', 'no-store').redirect(303, unknownSessionRedirectUrl || UNKNOWN_SESSION)
}

export const UNKNOWN_SESSION = '/unknown-session'

/** What Logto says of whatever came back from an identity provider and is no sign-in. */
export const WRONG_ANSWER = 'toasts.wrong_answer'

/**
 * Says for a moment why somebody was not signed in, over the ordinary sign-in page. As at Logto, nothing there leads
 * back to the application.
 */
export function sendToSignIn(
  { toasts }: LogtoContext,
  res: Response,
  interaction: Interaction,
  toast: string,
): void {
  toasts.set(interaction.uid, toast, TTL.Interaction)
  res.set('Cache-Control', 'no-store').redirect(303, pageFor('/sign-in', interaction))
}
