import type { Request, Response } from 'express'
import type Provider from 'oidc-provider'
import { errors, type InteractionResults } from 'oidc-provider'
import { textOf } from '../shared/pages.ts'
import { BINDING_COOKIE, bindingCookieName, type InteractionBinding } from './interaction-binding.ts'

export type Interaction = InstanceType<Provider['Interaction']>

export interface Interactions {
  /** The sign-in this request goes on with, or nothing when it is unknown, over, or another browser's. */
  find(req: Request, res: Response): Promise<Interaction | undefined>
  /** The interaction by its ID, for this browser only. */
  findByUid(req: Request, uid: string): Promise<Interaction | undefined>
  /** Records the outcome and sends the browser back into the authorization request. */
  finish(res: Response, interaction: Interaction, result: InteractionResults): Promise<void>
}

export function createInteractions(provider: Provider, binding: InteractionBinding): Interactions {
  async function findByUid(req: Request, uid: string) {
    return binding.holds(req.headers.cookie, uid) ? provider.Interaction.find(uid) : undefined
  }

  return {
    findByUid,
    async find(req, res) {
      for (const name of binding.surplus(req.headers.cookie)) res.clearCookie(name, BINDING_COOKIE)
      const uid = textOf(req.query, 'interaction')
      return uid ? findByUid(req, uid) : lastBegun(provider, req, res)
    },
    async finish(res, interaction, result) {
      interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result }
      // The session may have become another tab's in the meantime; the resume cookie holds browser and request together.
      if (interaction.prompt.name === 'consent')
        delete (interaction.session as { uid?: string } | undefined)?.uid
      await interaction.persist()
      res.clearCookie(bindingCookieName(interaction.uid), BINDING_COOKIE)
      res.set('Cache-Control', 'no-store').redirect(303, interaction.returnTo)
    },
  }
}

/** Logto's own way: one `_interaction` cookie per browser, naming the sign-in begun last. */
async function lastBegun(provider: Provider, req: Request, res: Response): Promise<Interaction | undefined> {
  try {
    return await provider.interactionDetails(req, res)
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  }
}

/** One of the sign-in pages for this interaction, with Logto's parameters first and ours after them. */
export function pageFor(path: string, interaction: Interaction): string {
  const { client_id: clientId, login_hint: hint } = interaction.params
  const query = new URLSearchParams({ app_id: String(clientId) })
  if (typeof hint === 'string') query.set('login_hint', hint)
  query.set('interaction', interaction.uid)
  return `${path}?${query}`
}
