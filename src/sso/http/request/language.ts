import { parse } from 'cookie'
import type { CookieOptions, Request } from 'express'
import type { Config } from '../../../settings/config.ts'
import { appTag } from '../../../settings/values/app-tag.ts'
import { type Language, languages } from '../../../words/languages.ts'

/** What the switch sets. Not `__Host-`: it is no secret, and worth nothing to anybody. */
export const languageCookie = (config: Pick<Config, 'baseUrl'>) => `sso_${appTag(config)}_language`
const aYear = 365 * 24 * 3_600_000

export function languageCookieOptions({ baseUrl }: Pick<Config, 'baseUrl'>): CookieOptions {
  return { sameSite: 'lax', secure: baseUrl.startsWith('https:'), path: '/', maxAge: aYear, httpOnly: true }
}

/** Tells the language a request is answered in: what the switch was set to, else what the browser asks for. */
export function languageReader(config: Pick<Config, 'baseUrl'>): (req: Request) => Language {
  const name = languageCookie(config)
  return (req) => {
    const { cookie, 'accept-language': asked } = req.headers
    const chosen = cookie?.includes(name) ? parse(cookie)[name] : undefined
    const preferred = asked ? req.acceptsLanguages([...languages]) : languages[0]
    const isOneOf = (said: unknown) => languages.find((language) => language === said)
    return isOneOf(chosen) ?? isOneOf(preferred) ?? languages[0]
  }
}
