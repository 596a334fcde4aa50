import type { JWTHeaderParameters } from 'jose'

/**
 * Whether a token says of itself that it is of this type (RFC 7515 §4.1.9: a media type, in any case, with or without
 * `application/`).
 *
 * @param type in lower case, such as `at+jwt`
 */
export function isTyped({ typ }: Pick<JWTHeaderParameters, 'typ'>, type: string): boolean {
  return typeof typ === 'string' && typ.toLowerCase().replace(/^application\//, '') === type
}
