import type { Request, Response } from 'express'
import type { Config } from '../../settings/config.ts'
import { isLanguage } from '../../words/languages.ts'
import { seeOther } from '../http/answer.ts'
import { AppError } from '../http/app-error.ts'
import { languageCookie, languageCookieOptions } from '../http/request/language.ts'
import { returnUrl } from '../links/beginning.ts'

/** `POST /sso/language?to=ja&return_to=/profile`: remembers the language in a cookie, and goes back. */
export function switchLanguage(config: Pick<Config, 'baseUrl'>) {
  return (req: Request, res: Response): void => {
    const { to, return_to: returnTo } = req.query
    if (!isLanguage(to)) throw new AppError({ status: 400, code: 'unknown_language' })
    res.cookie(languageCookie(config), to, languageCookieOptions(config))
    seeOther(res, returnUrl(returnTo, config.baseUrl))
  }
}
