import { type Request, type Response, Router } from 'express'
import type Provider from 'oidc-provider'
import { sendPage } from '../shared/pages/pages.ts'
import { textOf } from '../shared/pages/text-of.ts'
import { currentInteraction } from '../shared/provider/current-interaction.ts'
import type { ToldFirstStore } from '../shared/told-first.ts'
import { homeOf } from './clients.ts'
import { NOT_ASSIGNED } from './errors.ts'
import { type Directory, type LoginForm, loginPage } from './login-page.ts'
import { isAssigned, signInPerson } from './people.ts'
import type { Org } from './state.ts'

/** What Okta's pages show beside what is Okta's own. */
export interface OktaPagesContext {
  directory: Directory
  toldFirst: ToldFirstStore
}

type Login = NonNullable<Awaited<ReturnType<typeof currentInteraction>>>

/** Okta's sign-in page. Its cookie has the page's own path, so each tab has its own and no stranger has any. */
export function createLoginRoutes(
  provider: Provider,
  org: Org,
  { directory, toldFirst }: OktaPagesContext,
): Router {
  const router = Router()

  const withLogin =
    (handler: (req: Request, res: Response, login: Login) => Promise<void>) =>
    async (req: Request, res: Response): Promise<void> => {
      const login = await currentInteraction(provider, req, res)
      if (login) return handler(req, res, login)
      const app = org.apps.length === 1 ? org.apps[0] : undefined
      const home = app && homeOf(app)
      await sendPage(res, 400, 'okta', 'expired', { title: 'expired.title', home })
    }

  const told = ({ params }: Login) => toldFirst.get(textOf(params, 'state'))

  const send = (res: Response, login: Login, status: number, form: Partial<LoginForm>) => {
    const username = textOf(login.params, 'login_hint') || (told(login)?.email ?? '')
    const uiLocales = textOf(login.params, 'ui_locales') || told(login)?.uiLocales
    const page = loginPage(directory, { action: `/login/${login.uid}`, username, uiLocales, ...form })
    return sendPage(res, status, 'okta', 'login', page)
  }

  router.get(
    '/login/:uid',
    withLogin((req, res, login) => send(res, login, 200, { chosen: textOf(req.query, 'account') })),
  )
  router.post(
    '/login/:uid',
    withLogin(async (req, res, login) => {
      const username = textOf(req.body, 'username')
      const person = await signInPerson(org, username, textOf(req.body, 'password'))
      if (!person) return send(res, login, 401, { username, problem: 'login.unable' })
      // Refused before there is a session. A difference: the real Okta keeps the session, and refuses this person's
      // next try without asking anything, so that another account needs another browser.
      const result = isAssigned(org, textOf(login.params, 'client_id'), person.id)
        ? { login: { accountId: person.id, amr: ['pwd'] } }
        : { error: 'access_denied', error_description: NOT_ASSIGNED }
      await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false })
    }),
  )
  return router
}
