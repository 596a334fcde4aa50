import type { UnknownObject } from 'oidc-provider'

/** Logto's own parameters of the authorization request, beside those of OpenID Connect. */
export const EXTRA_PARAMS = [
  'interaction_mode',
  'first_screen',
  'direct_sign_in',
  'identifier',
  'organization_id',
  'one_time_token',
  'google_one_tap_credential',
] as const

/** What Logto's pages are told of the authorization request. */
const PASSED_ON = ['organization_id', 'ui_locales', 'one_time_token', 'login_hint', 'identifier']

const FIRST_SCREENS = new Map([
  ['signIn', '/sign-in'],
  ['signUp', '/register'],
  ['sign_in', '/sign-in'],
  ['register', '/register'],
  ['reset_password', '/reset-password'],
  ['single_sign_on', '/single-sign-on'],
  ['identifier:sign_in', '/identifier-sign-in'],
  ['identifier:register', '/identifier-register'],
])

/** Of an interaction, what its URLs are made of. */
interface Asked {
  params: UnknownObject
}

/** Where the browser goes for a prompt, by the parameters of its authorization request. Logto's URLs, to the letter. */
export function interactionUrl(prompt: string, { params }: Asked): string {
  if (prompt === 'consent') return pageFor('/consent', { params: { client_id: params.client_id } })
  const screen = text(params, 'first_screen') || text(params, 'interaction_mode')
  const page = FIRST_SCREENS.get(screen) ?? '/sign-in'
  const direct = text(params, 'direct_sign_in')
  if (!direct) return pageFor(page, { params })
  const path = `/direct/${direct.split(':').map(encodeURIComponent).join('/')}`
  return pageFor(path, { params }, { fallback: page.slice(1) })
}

/** One of the sign-in pages for this interaction. */
export function pageFor(path: string, { params }: Asked, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({ app_id: text(params, 'client_id') })
  for (const name of PASSED_ON) if (text(params, name)) query.set(name, text(params, name))
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return `${path}?${query}`
}

/** The page a `fallback` parameter names: one of the first screens and nothing else, for anyone can write the URL. */
export function fallbackPage(fallback: string): string {
  const page = `/${fallback}`
  return new Set(FIRST_SCREENS.values()).has(page) ? page : '/sign-in'
}

const text = (params: UnknownObject, name: string): string =>
  typeof params[name] === 'string' ? params[name] : ''
