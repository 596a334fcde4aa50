import { type Request, type Response, Router } from 'express'
import type Provider from 'oidc-provider'
import { sendPage } from '../shared/pages/pages.ts'
import { textOf } from '../shared/pages/text-of.ts'
import { currentInteraction } from '../shared/provider/current-interaction.ts'
import { homeOf } from './clients.ts'
import { NOT_ASSIGNED } from './errors.ts'
import { isAssigned, signInPerson } from './people.ts'
import type { Org } from './state.ts'

type Login = NonNullable<Awaited<ReturnType<typeof currentInteraction>>>

/** Okta's sign-in page. Its cookie has the page's own path, so each tab has its own and no stranger has any. */
export function createLoginRoutes(provider: Provider, org: Org): Router {
  const router = Router()

  const withLogin =
    (handler: (req: Request, res: Response, login: Login) => Promise<void>) =>
    async (req: Request, res: Response): Promise<void> => {
      const login = await currentInteraction(provider, req, res)
      if (login) return handler(req, res, login)
      const app = org.apps.length === 1 ? org.apps[0] : undefined
      const home = app && homeOf(app)
      await sendPage(res, 400, 'okta', 'expired', { title: 'Sign in again', home })
    }

  const send = (res: Response, login: Login, status: number, username: string, problem = '') =>
    sendPage(res, status, 'okta', 'login', {
      title: 'Sign In',
      action: `/login/${login.uid}`,
      username,
      problem,
    })

  router.get(
    '/login/:uid',
    withLogin((_req, res, login) => send(res, login, 200, textOf(login.params, 'login_hint'))),
  )
  router.post(
    '/login/:uid',
    withLogin(async (req, res, login) => {
      const username = textOf(req.body, 'username')
      const person = await signInPerson(org, username, textOf(req.body, 'password'))
      if (!person) return send(res, login, 401, username, 'Unable to sign in')
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
