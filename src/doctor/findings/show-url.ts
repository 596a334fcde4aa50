import { visible } from '../../settings/visible.ts'
import type { Text } from '../../words/phrase.ts'
import { phrase } from '../phrase.ts'

/** Parameters that anybody may see; of all others, such as `state`, `nonce` and `code`, not even the name is shown. */
const shown = [
  'client_id',
  'redirect_uri',
  'post_logout_redirect_uri',
  'response_type',
  'scope',
  'prompt',
  'email',
]

/**
 * An address as it may be shown.
 *
 * @param url absolute, or a reference such as a `Location` header's
 * @param base what a reference is relative to
 * @returns the address without credentials, fragment, and parameters that are nobody's business
 */
export function showUrl(url: string, base?: string): Text {
  if (!URL.canParse(url, base)) return phrase`an address that cannot be read`
  const { origin, protocol, pathname, searchParams } = new URL(url, base)
  if (origin === 'null') return phrase`a ${protocol} address`
  const parameters = shown.flatMap((name) => {
    const value = searchParams.get(name)
    return value === null ? [] : [`${name}=${visible(value)}`]
  })
  // Issuers are compared to the letter, so no slash is shown that was not there.
  const path = pathname === '/' && !/^\w+:\/\/[^/?#]*\//.test(url) ? '' : pathname
  return `${origin}${path}${parameters.length > 0 ? `?${parameters.join('&')}` : ''}`
}
