import type { Request, Response } from 'express'
import type Provider from 'oidc-provider'
import type { InteractionResults } from 'oidc-provider'
import { currentInteraction } from '../../shared/provider/current-interaction.ts'

export type Interaction = InstanceType<Provider['Interaction']>

export interface Interactions {
  /** The sign-in that this browser began last: a cookie names it, and a browser has one. Nothing when it is over. */
  find(req: Request, res: Response): Promise<Interaction | undefined>
  /** An interaction as it is stored by now. */
  latest(interaction: Interaction): Promise<Interaction | undefined>
  /** Records the outcome and sends the browser back into the authorization request. */
  finish(res: Response, interaction: Interaction, result: InteractionResults): Promise<void>
}

/** @param provider the provider as it is at the moment */
export function createInteractions(provider: () => Provider): Interactions {
  return {
    find: (req, res) => currentInteraction(provider(), req, res),
    latest: ({ uid }) => provider().Interaction.find(uid),
    async finish(res, interaction, result) {
      interaction.result = { ...interaction.lastSubmission, ...result }
      await interaction.persist()
      res.set('Cache-Control', 'no-store').redirect(303, interaction.returnTo)
    },
  }
}

/** The account a submission signed in. */
export const accountOf = (result: InteractionResults | undefined): string | undefined =>
  result?.login?.accountId
