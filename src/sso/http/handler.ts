import type { Request, Response } from 'express'

/**
 * Answers a request of one of our addresses, or raises why it does not.
 *
 * @param name the last part of the path, as it was sent, where the address ends with one
 */
export type Handler = (req: Request, res: Response, name: string) => Promise<void> | void
