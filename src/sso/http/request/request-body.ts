import express, { type Request, type RequestHandler } from 'express'
import { AppError } from '../app-error.ts'

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

/**
 * The bytes that `requestBody` read. Where a host app's parser was faster, what it read is written out again. That does
 * not weaken a signature over the bytes: it is one over these, then, and Logto writes its JSON as we do.
 */
export function bodyOf(req: Request): Buffer {
  const body: unknown = req.body
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body)
  if (typeof body !== 'object' || body === null) return Buffer.alloc(0)
  return Buffer.from(req.is('json') ? JSON.stringify(body) : formOf(body))
}

/** The JSON of the body. @returns undefined where it is none */
export function jsonIn(req: Request): unknown {
  try {
    return JSON.parse(bodyOf(req).toString())
  } catch {
    return undefined
  }
}

/** A form whose fields came as an object; several of one name, as an array. What else a parser made of them is left out. */
function formOf(fields: object): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().flatMap((each): [string, string][] => (typeof each === 'string' ? [[name, each]] : [])),
  )
  return new URLSearchParams(pairs).toString()
}
