import { Prompt } from '@logto/express'
import type { EnterpriseConnector } from '../../settings/config.ts'
import { optionNames } from './sign-in-options.ts'

/** Characters a way may have; it travels in the `state`. Of a longer one the path remains. */
const longest = 1024

/** How somebody begins to sign in who wants nothing in particular. */
export const plainWay = '/sign-in'

/**
 * The link that begins a sign-in like this one once more, but for where it leads back to.
 *
 * @param path of the link, below `BASE_URL`
 * @param query its options, which have been checked
 * @returns path and query below `BASE_URL`. It always asks where there is need: `prompt=none` would fail once more
 */
export function sameWay(path: string, query: Readonly<Record<string, unknown>>): string {
  const options = new URLSearchParams()
  for (const name of optionNames) {
    const value = query[name]
    if (typeof value === 'string' && !(name === 'prompt' && value === Prompt.None)) options.set(name, value)
  }
  const way = options.size > 0 ? `${path}?${options}` : path
  return way.length <= longest ? way : path
}

/** The link of a company's staff. */
export const companyWay = ({ slug }: EnterpriseConnector) => `${plainWay}/${slug}`

/** @returns the company whose Okta a way leads straight to, if it does */
export function companyOn(
  way: string,
  connectors: readonly EnterpriseConnector[],
): EnterpriseConnector | undefined {
  const { pathname, searchParams } = new URL(way, 'http://localhost')
  const direct = searchParams.get('direct_sign_in')
  return connectors.find((connector) =>
    direct === null ? pathname === companyWay(connector) : direct === `sso:${connector.id}`,
  )
}
