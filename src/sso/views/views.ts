import { fileURLToPath } from 'node:url'
import type { Request, Response } from 'express'
import type { Config } from '../../settings/config.ts'
import { languages } from '../../words/languages.ts'
import { addressesAt } from '../addresses.ts'
import { keepPersonal, securityHeaders, sendWhole } from '../http/answer.ts'
import { assetUrl } from './assets.ts'
import { templates } from './templates.ts'
import { type OwnWords, translationReader } from './words.ts'

/** What a host can make its own of the pages that the package shows. */
export interface Looks {
  /** Words in place of ours, by language and key. */
  words?: OwnWords
  /** Address of a style sheet in place of ours, such as `/style.css`. */
  style?: string
  /** Pages in place of ours, each from what it is to show to its HTML. What they are given is escaped by nobody. */
  pages?: Partial<Record<PageName, (page: Readonly<Record<string, unknown>>) => string>>
}

/** The pages that the package shows: an error, and the question before a sign-out that another site asked for. */
export type PageName = 'error' | 'sign-out'

export type Views = ReturnType<typeof views>

/**
 * The pages that the package shows, and the words and addresses that a host's own pages need to look the same.
 *
 * @param accountOf who is signed in, for the header of every page
 */
export function views<Account>(
  config: Config & { logto: { endpoint: string } },
  looks: Looks,
  accountOf: (req: Request) => Account | undefined,
) {
  const { baseUrl, production } = config
  const fill = templates(fileURLToPath(new URL('../../../views', import.meta.url)), { keep: production })
  const { pathname } = new URL(`${baseUrl}/`)
  // Without the host, so that a page asked for under another name of this machine still has its style.
  const asset = (name: string) => pathname.replace(/\/$/, '') + assetUrl(name)
  const setHeaders = securityHeaders({ https: baseUrl.startsWith('https:'), logto: config.logto.endpoint })
  const translationFor = translationReader(config, looks.words)
  const common = {
    url: (path: string) => baseUrl + path,
    languageUrl: addressesAt(baseUrl).language,
    style: looks.style ?? asset('style.css'),
    icon: asset('icon.svg'),
    localTimes: asset('local-times.js'),
  }

  /** What every page is given: who is there, words, addresses, and `here`, where to come back to in another language. */
  function localsOf(req: Request, whoIs = accountOf) {
    keepPersonal(req)
    const here = req.method === 'GET' ? req.originalUrl : '/'
    return { ...common, ...translationFor(req), account: whoIs(req), here }
  }

  /** A page that says what went wrong is shown whatever went wrong. */
  function accountIfKnown(req: Request): Account | undefined {
    try {
      return accountOf(req)
    } catch {
      return undefined
    }
  }

  return {
    setHeaders,
    translationFor,
    localsOf,
    /** Sends a page. @param data what it shows, beside what every page is given */
    show(req: Request, res: Response, name: PageName, data: object = {}): void {
      const locals = { ...localsOf(req, accountIfKnown), ...data }
      // RFC 9110 §12.5.5: the same address is answered in two languages.
      if (locals.language !== languages[0]) res.setHeader('Content-Language', locals.language)
      sendWhole(res, 'text/html', (looks.pages?.[name] ?? ((page) => fill(`sso/${name}`, page)))(locals))
    },
  }
}
