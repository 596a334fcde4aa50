import { type Request, type Response, Router } from 'express'
import type Provider from 'oidc-provider'
import type { LoginHints } from '../login-hints.ts'
import { type Directory, type LoginForm, loginPage } from '../pages/login-page.ts'
import type { Brand } from '../pages/look.ts'
import { sendPage } from '../pages/pages.ts'
import { textOf } from '../pages/text-of.ts'
import { currentInteraction } from './current-interaction.ts'

/** What the pages of a company's provider show beside what is its own. */
export interface LoginContext {
  directory: Directory
  loginHints: LoginHints
}

/** Whose sign-in page it is, and whom it lets in. */
interface Doorkeeper {
  look: Brand
  /** @returns the ID of the person behind a username and password */
  signIn(username: string, password: string): Promise<string | undefined>
  /** @returns why somebody with the right password may not use an application */
  refusal?(clientId: string, personId: string): string | undefined
  /** @returns where a sign-in that is over can be begun anew */
  home?(): string | undefined
}

type Login = NonNullable<Awaited<ReturnType<typeof currentInteraction>>>

/** The sign-in page of a company's provider. Its cookie has the page's own path, so each tab has its own and no stranger has any. */
export function createLoginRoutes(
  provider: Provider,
  { directory, loginHints }: LoginContext,
  { look, signIn, refusal, home }: Doorkeeper,
): Router {
  const router = Router()

  const withLogin =
    (handler: (req: Request, res: Response, login: Login) => Promise<void>) =>
    async (req: Request, res: Response): Promise<void> => {
      const login = await currentInteraction(provider, req, res)
      if (login) return handler(req, res, login)
      await sendPage(res, 400, look, 'expired', { title: 'expired.title', home: home?.() })
    }

  const hintFor = ({ params }: Login) => loginHints.get(textOf(params, 'state'))

  const send = (res: Response, login: Login, status: number, form: Partial<LoginForm>) => {
    const username = textOf(login.params, 'login_hint') || (hintFor(login)?.email ?? '')
    const uiLocales = textOf(login.params, 'ui_locales') || hintFor(login)?.uiLocales
    const page = loginPage(directory, { action: `/login/${login.uid}`, username, uiLocales, ...form })
    return sendPage(res, status, look, 'login', page)
  }

  router.get(
    '/login/:uid',
    withLogin((req, res, login) => send(res, login, 200, { chosen: textOf(req.query, 'account') })),
  )
  router.post(
    '/login/:uid',
    withLogin(async (req, res, login) => {
      const username = textOf(req.body, 'username')
      const accountId = await signIn(username, textOf(req.body, 'password'))
      if (accountId === undefined) return send(res, login, 401, { username, problem: 'login.unable' })
      // Refused before there is a session.
      const refused = refusal?.(textOf(login.params, 'client_id'), accountId)
      const result = refused
        ? { error: 'access_denied', error_description: refused }
        : { login: { accountId, amr: ['pwd'] } }
      await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false })
    }),
  )
  return router
}
