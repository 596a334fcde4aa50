import type { Request } from 'express'

/**
 * The fields of a form. Of one that was sent twice, or not as a text, there is none.
 *
 * @returns `version` says which state of the invitation the form's page has shown; none that there is, where it does not
 */
export function formOf(req: Request) {
  const body: unknown = req.body
  const texts = Object.entries(typeof body === 'object' && body !== null ? body : {}).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  )
  const { version = '', ...fields }: Partial<Record<string, string>> = Object.fromEntries(texts)
  return { fields, provider: fields.provider, version: /^\d{1,9}$/.test(version) ? Number(version) : -1 }
}
