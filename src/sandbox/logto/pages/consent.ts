import { Router } from 'express'
import type Provider from 'oidc-provider'
import { findUser } from '../state/users.ts'
import { type LogtoContext, sendLostSession, withInteraction } from './context.ts'
import { pageFor } from './interaction-url.ts'
import { accountOf, type Interaction } from './interactions.ts'

interface Missing {
  missingOIDCScope?: string[]
  missingResourceScopes?: Record<string, string[]>
}

/**
 * Consent: applications of the company itself need none asked for, so the page passes at once.
 *
 * @param currentProvider the provider as it is at the moment
 */
export function createConsentRoutes(context: LogtoContext, currentProvider: () => Provider): Router {
  const router = Router()
  router.get(
    '/consent',
    withInteraction(context, async (req, res, interaction) => {
      const accountId = signedIn(interaction)
      if (interaction.prompt.name !== 'consent' || !accountId) {
        return res.redirect(303, pageFor('/sign-in', interaction))
      }
      const provider = currentProvider()
      // The page may have waited: whoever was to consent may have signed out since, or another tab switched accounts.
      const session = await provider.Session.get(provider.createContext(req, res))
      if (session.accountId !== accountId) return sendLostSession(context, res)
      const user = findUser(context.tenant, accountId)
      if (user) user.applicationId ??= String(interaction.params.client_id)
      const { missingOIDCScope = [], missingResourceScopes = {} } = interaction.prompt.details as Missing
      const known = interaction.grantId ? await provider.Grant.find(interaction.grantId) : undefined
      const grant = known ?? new provider.Grant({ accountId, clientId: String(interaction.params.client_id) })
      grant.addOIDCScope(missingOIDCScope.join(' '))
      for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
        grant.addResourceScope(resource, scopes.join(' '))
      }
      await context.interactions.finish(res, interaction, { consent: { grantId: await grant.save() } })
    }),
  )
  return router
}

/** Whoever signed in one step before, or was signed in already. */
const signedIn = ({ lastSubmission, session }: Interaction) => accountOf(lastSubmission) ?? session?.accountId
