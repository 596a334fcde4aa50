import type { Response } from 'express'

/**
 * Sends an answer as it is: all that `res.send` would come to for one that is neither negotiated nor cached.
 *
 * @param type the media type; the text is sent in UTF-8
 */
export function sendWhole(res: Response, type: string, text: string): void {
  res.setHeader('Content-Type', `${type}; charset=utf-8`)
  res.setHeader('Content-Length', Buffer.byteLength(text))
  res.end(text)
}
