import { fileURLToPath } from 'node:url'
import type { Request, Response } from 'express'
import type { Config } from '../../settings/config.ts'
import { languages } from '../../words/languages.ts'
import { addressesAt } from '../addresses.ts'
import { keepPersonal, securityHeaders, sendWhole } from '../http/answer.ts'
import type { ErrorAction } from '../http/app-error.ts'
import { assetUrl } from './assets.ts'
import { templates } from './templates.ts'
import { type OwnWords, type Translation, translationReader } from './words.ts'

/** What every page is given. Texts are escaped by nobody: a page that makes HTML of them has to. */
export interface PageLocals<Account> extends Translation {
  /** An absolute address, from a path below `BASE_URL`. */
  readonly url: (path: string) => string
  /** Where the form that switches the language leads. */
  readonly languageUrl: string
  /** Whoever is signed in, as `accountOf` has it. */
  readonly account: Account | undefined
  /** Addresses of the style sheet and of the icon. */
  readonly style: string
  readonly icon: string
  /** Address of a script that writes the times of a page, each in a `<time datetime>`, in the reader's own zone. */
  readonly localTimes: string
  /** Where to come back to when the language is switched. */
  readonly here: string
}

/** What the page of an error is given. */
export interface ErrorPage<Account> extends PageLocals<Account> {
  /** HTTP status of the answer. */
  readonly status: number
  /** The fault's machine-readable name, as in the JSON answer. */
  readonly code: string
  readonly title: string
  readonly message: string
  /** Who can help; undefined where trying again is all that helps. */
  readonly whom: string | undefined
  /** The way on that is most likely to help, if any. Its words are `t('actions.' + label, params)`. */
  readonly action: PageAction | undefined
  /** Further ways on. */
  readonly others: readonly PageAction[]
  /** The request's name in the log. */
  readonly reference: string
}

type PageAction = Omit<ErrorAction, 'label'> & { label: ErrorAction['label'] | 'home' }

/** The pages that the package shows, by name: an error, and the question before a sign-out that another site asked for. */
export interface Pages<Account> {
  error: ErrorPage<Account>
  'sign-out': PageLocals<Account>
}

/** What a host can make its own of the pages that the package shows. */
export interface Looks<Account> {
  /** Words in place of ours, by language and key. */
  words?: OwnWords
  /** Address of a style sheet in place of ours, such as `/style.css`. */
  style?: string
  /** Pages in place of ours, each from what it is to show to its HTML. */
  pages?: { [Name in keyof Pages<Account>]?: (page: Pages<Account>[Name]) => string }
}

export type Views = ReturnType<typeof views>

/**
 * The pages that the package shows, and the words and addresses that a host's own pages need to look the same.
 *
 * @param accountOf who is signed in, for the header of every page
 */
export function views<Account>(
  config: Config & { logto: { endpoint: string } },
  looks: Looks<Account>,
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
    show<Name extends keyof Pages<Account>>(
      req: Request,
      res: Response,
      name: Name,
      data: Omit<Pages<Account>[Name], keyof PageLocals<Account>> & { here?: string },
    ): void {
      const locals = { ...localsOf(req, accountIfKnown), ...data }
      // RFC 9110 §12.5.5: the same address is answered in two languages.
      if (locals.language !== languages[0]) res.setHeader('Content-Language', locals.language)
      const page = looks.pages?.[name] ?? ((locals: object) => fill(`sso/${name}`, locals))
      sendWhole(res, 'text/html', page(locals as Pages<Account>[Name]))
    },
  }
}
