import { hostChecked, paths } from '../../sso/addresses.ts'
import type { Answer } from '../ask.ts'
import type { Examination } from '../examination.ts'
import { setCookies } from './cookie-jar.ts'

const asBrowser = { headers: { accept: 'text/html' } }

/** The app's home page, as a stranger sees it. */
export const homePage = (on: Examination) =>
  on.once(homePage, () => on.ask(`${on.config.baseUrl}/`, asBrowser))

/** The app's answer to somebody who wants to sign in; the redirect to Logto is not followed. */
export const signInAnswer = (on: Examination) =>
  on.once(signInAnswer, async () => {
    const url = `${on.config.baseUrl}/sign-in`
    const first = await on.ask(url, asBrowser)
    if ('fault' in first) return first
    // Behind a proxy that rewrites Host, the app begins at the second try.
    const again = leadsToBaseUrl(first) && first.headers.get('location')?.startsWith(`${url}?`)
    const asked = again ? await on.ask(`${url}?${hostChecked}=1`, asBrowser) : first
    if ('fault' in asked) return asked
    const location = asked.headers.get('location') ?? ''
    if (URL.canParse(location)) on.secrets.add(new URL(location).searchParams.get('state') ?? undefined)
    on.secrets.add(...setCookies(asked.response).map(({ value }) => value))
    return asked
  })

/** Whether the app takes the address it was asked at for another than its `BASE_URL`, and redirects to that one. */
export function leadsToBaseUrl({ headers }: Pick<Answer, 'headers'>): boolean {
  const location = headers.get('location') ?? ''
  return URL.canParse(location) && new URL(location).searchParams.has(hostChecked)
}

/** Whether a page is this app's: every one of them says so, error pages included. */
export const isOurs = ({ text }: Pick<Answer, 'text'>) =>
  /<meta\s+name="application-name"\s+content="express-logto-okta"\s*\/?>/.test(text)

/** Whether the package answers at its own addresses there, in an app whose pages are its own. */
export async function isHost(on: Examination): Promise<boolean> {
  const style = await on.ask(`${on.config.baseUrl}${paths.assets}/style.css`)
  return !('fault' in style) && style.status === 200 && style.text.includes('express-logto-sso')
}

/** Whether the app itself gets no answer from Logto: then it answers whoever wants to sign in with a 503. */
export async function logtoIsDownForTheApp(on: Examination): Promise<boolean> {
  const asked = await signInAnswer(on)
  return !('fault' in asked) && asked.status === 503 && isOurs(asked)
}
