import express, { type Request, type RequestHandler } from 'express'
import { AppError } from './app-error.ts'

/**
 * Reads a body of one type as the bytes that were sent, for `bodyOf`. Compressed ones are refused: nobody who calls
 * here compresses, and a small one could unpack into a large one.
 *
 * @param type the media type, such as `application/json`
 * @param limit how many bytes it may have
 * @returns middleware that raises a 415 for another type (RFC 9110 §15.5.16), and a 413 for a longer body
 */
export function requestBody(type: string, limit: number): RequestHandler[] {
  const ofThisType: RequestHandler = (req, _res, next) => {
    if (req.is(type)) return next()
    throw new AppError({
      status: 415,
      code: 'unsupported_media_type',
      params: { type },
    })
  }
  return [ofThisType, express.raw({ type, limit, inflate: false })]
}

/** The bytes that `requestBody` read. */
export function bodyOf(req: Request): Buffer {
  const body: unknown = req.body
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}
