import type { UnknownObject } from 'oidc-provider'

/** Logto's own parameters of the authorization request, beside those of OpenID Connect. */
export const EXTRA_PARAMS = [
  'interaction_mode',
  'first_screen',
  'direct_sign_in',
  'identifier',
  'organization_id',
  'login_hint',
  'one_time_token',
  'google_one_tap_credential',
] as const

const PAGES: Record<string, string> = {
  signIn: '/sign-in',
  signUp: '/register',
  sign_in: '/sign-in',
  register: '/register',
  reset_password: '/reset-password',
  single_sign_on: '/single-sign-on/email',
  'identifier:sign_in': '/identifier-sign-in',
  'identifier:register': '/identifier-register',
}

/** Where the browser goes for a prompt, by the parameters of its authorization request. Logto's URLs, to the letter. */
export function interactionUrl(prompt: string, params: UnknownObject): string {
  const text = (name: string) => (typeof params[name] === 'string' ? params[name] : '')
  const query = new URLSearchParams({ app_id: text('client_id') })
  if (prompt === 'consent') return `/consent?${query}`

  for (const name of ['organization_id', 'ui_locales', 'one_time_token', 'login_hint', 'identifier']) {
    if (text(name)) query.set(name, text(name))
  }
  const page = PAGES[text('first_screen') || text('interaction_mode')] ?? '/sign-in'
  const [method, target] = text('direct_sign_in').split(':')
  if (!method || !target) return `${page}?${query}`
  query.set('fallback', page.slice(1))
  return `/direct/${encodeURIComponent(method)}/${encodeURIComponent(target)}?${query}`
}
