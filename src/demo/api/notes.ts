import type { RequestHandler } from 'express'
import type { SingleSignOn } from '../../sso/index.ts'

/** An example of a protected resource, behind `requireAccess`: the notes of whoever asks, or of an organization. */
export function notes(sso: SingleSignOn): RequestHandler {
  return (req, res) => {
    const { sub, by } = sso.accessOf(req)
    const { organization = null } = req.params
    res.json({ sub, by, organization, notes: [{ id: 1, text: sso.view(req).t('api.note') }] })
  }
}
