import type { Request, Response } from 'express'
import type Provider from 'oidc-provider'
import type { InteractionResults } from 'oidc-provider'
import { currentInteraction } from '../shared/current-interaction.ts'
import { textOf } from '../shared/text-of.ts'
import { BINDING_COOKIE, type InteractionBinding } from './interaction-binding.ts'
import { INTERACTION_PARAM } from './interaction-url.ts'

export type Interaction = InstanceType<Provider['Interaction']>

export interface Interactions {
  /** The sign-in this request goes on with, or nothing when it is unknown, over, or another browser's. */
  find(req: Request, res: Response): Promise<Interaction | undefined>
  /** The interaction by its ID, for this browser only. */
  findByUid(req: Request, uid: string): Promise<Interaction | undefined>
  /** Records the outcome and sends the browser back into the authorization request. */
  finish(res: Response, interaction: Interaction, result: InteractionResults): Promise<void>
}

/** @param provider the provider as it is at the moment */
export function createInteractions(provider: () => Provider, binding: InteractionBinding): Interactions {
  async function findByUid(req: Request, uid: string) {
    return binding.holds(req.headers.cookie, uid) ? provider().Interaction.find(uid) : undefined
  }

  return {
    findByUid,
    async find(req, res) {
      for (const name of binding.surplus(req.headers.cookie)) res.clearCookie(name, BINDING_COOKIE)
      const uid = textOf(req.query, INTERACTION_PARAM)
      // Without it, Logto's own way: one `_interaction` cookie per browser, naming the sign-in begun last.
      return uid ? findByUid(req, uid) : currentInteraction(provider(), req, res)
    },
    async finish(res, interaction, result) {
      interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result }
      // oidc-provider would insist on the very session the request began in, and tabs that finish at once may each
      // have been given one. What matters is whose it is, which the consent page has just checked.
      if (interaction.prompt.name === 'consent')
        delete (interaction.session as { uid?: string } | undefined)?.uid
      await interaction.persist()
      res.clearCookie(binding.nameFor(interaction.uid), BINDING_COOKIE)
      res.set('Cache-Control', 'no-store').redirect(303, interaction.returnTo)
    },
  }
}

/** The account a submission signed in. */
export const accountOf = (result: InteractionResults | undefined): string | undefined =>
  result?.login?.accountId
