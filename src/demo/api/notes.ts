import type { RequestHandler } from 'express'
import { accessOf } from '../../sso/guards/require-access.ts'
import { wordsOf } from '../../sso/views/words.ts'

/** An example of a protected resource, behind `requireAccess`: the notes of whoever asks, or of an organization. */
export const notes: RequestHandler = (req, res) => {
  const { sub, by } = accessOf(req)
  const { organization = null } = req.params
  res.json({ sub, by, organization, notes: [{ id: 1, text: wordsOf(res)('api.note') }] })
}
