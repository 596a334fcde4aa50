import { Prompt } from '@logto/express'
import type { AppConfig, EnterpriseConnector } from '../../settings/config.ts'
import type { ErrorAction } from '../http/app-error.ts'
import { oktaSignOut } from './okta-sign-out.ts'
import { optionNames } from './sign-in-options.ts'

/** Characters a way may have; it travels in the `state`. Of a longer one the path remains. */
const longest = 1024

/** What it takes to begin an attempt once more. */
export interface Beginning {
  /** Where to bring the person afterwards; an absolute URL of ours. */
  readonly returnTo: string
  /** How the person came: path and query below `BASE_URL`, without where to return. */
  readonly way: string
}

/** How somebody begins to sign in who wants nothing in particular. */
export const plainWay = '/sign-in'

/**
 * The link that begins a sign-in like this one once more, but for where it leads back to.
 *
 * @param path of the link, below `BASE_URL`
 * @param query its options, which have been checked
 * @returns path and query below `BASE_URL`. It always asks where there is need: `prompt=none` would fail once more
 */
export function retryWay(path: string, query: Readonly<Record<string, unknown>>): string {
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

/** The way on that an error page offers: to begin again in the same way, and come back to the same place. */
export function signInAgain({ baseUrl }: AppConfig, { returnTo, way }: Beginning): ErrorAction {
  const again = new URL(baseUrl + way)
  if (returnTo !== `${baseUrl}/`) {
    again.searchParams.set('return_to', returnTo.slice(new URL(returnTo).origin.length))
  }
  return { href: again.href, label: 'try_again' }
}

/**
 * The same, but Logto asks, whoever it remembers. Without `consent` it would give no refresh token.
 *
 * @param way the plain one leads to Logto's own page, which asks who it is
 */
export function signInAnew(config: AppConfig, { returnTo, way }: Beginning): ErrorAction {
  // A way that has no room for this would lose it, and lead here once more.
  const [path = plainWay] = way.split('?')
  const { href, label } = signInAgain(config, { returnTo, way: way.length < longest - 64 ? way : path })
  const anew = new URL(href)
  anew.searchParams.set('prompt', `${Prompt.Login} ${Prompt.Consent}`)
  return { href: anew.href, label }
}

/** Whether Logto asked whoever came this way, whoever it remembered. */
export const isAnew = ({ way }: Beginning): boolean =>
  new URL(way, 'http://localhost').searchParams.get('prompt')?.split(' ').includes(Prompt.Login) ?? false

/**
 * Further ways on, for somebody who was refused as who they are: by Logto's page as somebody else; and where they came
 * straight to a company's Okta, which may not ask again whom it knows, an end to its session.
 */
export function asSomebodyElse(config: AppConfig, { returnTo, way }: Beginning): ErrorAction[] {
  const { href } = signInAnew(config, { returnTo, way: plainWay })
  const company = companyOn(way, config.connectors)
  return [
    { href, label: 'somebody_else' },
    ...(company
      ? [{ href: oktaSignOut(company), label: 'end_company', params: { company: company.name } } as const]
      : []),
  ]
}
