import { parse } from 'cookie'
import type { CookieOptions, Request } from 'express'
import type { Config } from '../../../settings/config.ts'
import { appTag } from '../app-tag.ts'

/** The languages there is a catalogue for; the first is everybody's who asks for none of them. */
export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

/** What the switch sets. Not `__Host-`: it is no secret, and worth nothing to anybody. */
export const languageCookie = (config: Pick<Config, 'baseUrl'>) => `sso_${appTag(config)}_language`
const aYear = 365 * 24 * 3_600_000

export function languageCookieOptions({ baseUrl }: Pick<Config, 'baseUrl'>): CookieOptions {
  return { sameSite: 'lax', secure: baseUrl.startsWith('https:'), path: '/', maxAge: aYear, httpOnly: true }
}

export function isLanguage(value: unknown): value is Language {
  return languages.includes(value as Language)
}

/** Tells the language a request is answered in: what the switch was set to, else what the browser asks for. */
export function languageReader(config: Pick<Config, 'baseUrl'>): (req: Request) => Language {
  const name = languageCookie(config)
  return (req) => {
    const { cookie } = req.headers
    const chosen = cookie?.includes(name) ? parse(cookie)[name] : undefined
    if (isLanguage(chosen)) return chosen
    if (!req.headers['accept-language']) return languages[0]
    const asked = req.acceptsLanguages([...languages])
    return isLanguage(asked) ? asked : languages[0]
  }
}
