import type { Request, Response } from 'express'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'

type Details = Awaited<ReturnType<Provider['interactionDetails']>>

/** The interaction that the browser's cookie names, or nothing when it is unknown or over. */
export async function currentInteraction(
  provider: Provider,
  req: Request,
  res: Response,
): Promise<Details | undefined> {
  try {
    return await provider.interactionDetails(req, res)
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  }
}
