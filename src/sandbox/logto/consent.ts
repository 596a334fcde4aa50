import { Router } from 'express'
import type Provider from 'oidc-provider'
import { type LogtoContext, withInteraction } from './context.ts'
import { type Interaction, pageFor } from './interactions.ts'

interface Missing {
  missingOIDCScope?: string[]
}

/** Consent: applications of the company itself need none asked for, so the page passes at once. */
export function createConsentRoutes(context: LogtoContext, provider: Provider): Router {
  const router = Router()
  router.get(
    '/consent',
    withInteraction(context, async (_req, res, interaction) => {
      const accountId = accountOf(interaction)
      if (interaction.prompt.name !== 'consent' || !accountId) {
        return res.redirect(303, pageFor('/sign-in', interaction))
      }
      const { missingOIDCScope = [] } = interaction.prompt.details as Missing
      const known = interaction.grantId ? await provider.Grant.find(interaction.grantId) : undefined
      const grant = known ?? new provider.Grant({ accountId, clientId: String(interaction.params.client_id) })
      grant.addOIDCScope(missingOIDCScope.join(' '))
      await context.interactions.finish(res, interaction, { consent: { grantId: await grant.save() } })
    }),
  )
  return router
}

/** Whoever signed in one step before, or is signed in already. */
function accountOf({ lastSubmission, session }: Interaction): string | undefined {
  const login = lastSubmission?.login as { accountId?: string } | undefined
  return login?.accountId ?? session?.accountId
}
