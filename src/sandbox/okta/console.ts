import { type NextFunction, type Request, type Response, Router } from 'express'
import { sendOwnPage, sendPage } from '../shared/pages/pages.ts'
import { requireSameOriginForms } from '../shared/pages/same-origin-forms.ts'
import { textOf } from '../shared/pages/text-of.ts'
import type { BrowserSessions } from '../shared/provider/browser-sessions.ts'
import { secret } from '../shared/random.ts'
import { addApp } from './apps.ts'
import { parseApp } from './management/app-schema.ts'
import { findPerson, isAssigned } from './people.ts'
import type { OktaApp, Org } from './state.ts'

const [FORBIDDEN, UNPROCESSABLE] = [403, 422]

/** Where the console is. */
export const CONSOLE = '/admin/apps'

/**
 * As much of Okta's admin console as is needed to make an application by hand: its list of applications, the form that
 * adds an OpenID Connect web app, and the app's own page with its credentials, its redirect URIs and its people.
 */
export function createConsole(issuer: string, org: Org, sessions: BrowserSessions): Router {
  const router = Router()

  router.use(CONSOLE, async (req: Request, res: Response, next: NextFunction) => {
    const id = await sessions.personOf(req, res)
    if (id && findPerson(org, id) && org.administrators.has(id)) return next()
    if (!id) return res.redirect(303, `/login/login.htm?${new URLSearchParams({ fromURI: CONSOLE })}`)
    await sendPage(res, FORBIDDEN, 'okta', 'message', {
      title: 'console.denied',
      text: 'console.denied_text',
    })
  })
  router.use(CONSOLE, (req, res, next) =>
    req.method === 'POST' ? requireSameOriginForms('okta', 'foreign_form.okta')(req, res, next) : next(),
  )

  const sendApps = (
    res: Response,
    status: number,
    form: Partial<Record<'label' | 'redirectUris', string>>,
    problem = '',
  ) =>
    sendOwnPage(res, status, 'okta', 'console', {
      title: 'console.title',
      wide: true,
      apps: org.apps.map(({ id, label }) => ({ id, label })),
      form,
      problem,
    })

  const sendApp = (res: Response, status: number, app: OktaApp, problem = '') =>
    sendOwnPage(res, status, 'okta', 'console-app', {
      title: 'console.app',
      wide: true,
      issuer,
      id: app.id,
      label: app.label,
      client: app.credentials.oauthClient,
      redirectUris: app.settings.oauthClient.redirect_uris.join('\n'),
      people: org.users
        .filter(({ status: state }) => state === 'ACTIVE')
        .map(({ id, profile }) => ({
          id,
          login: profile.login,
          assigned: isAssigned(org, app.credentials.oauthClient.client_id, id),
        })),
      problem,
    })

  router.get(CONSOLE, (_req, res) => sendApps(res, 200, {}))
  router.post(CONSOLE, async (req, res) => {
    const form = { label: textOf(req.body, 'label'), redirectUris: textOf(req.body, 'redirectUris') }
    const parsed = parseApp(bodyOf(form.label, linesIn(form.redirectUris)))
    if ('faults' in parsed) {
      return sendApps(
        res,
        UNPROCESSABLE,
        form,
        parsed.faults.map(([field, what]) => `${field}: ${what}`).join(' '),
      )
    }
    const app = addApp(org, parsed.app)
    if (textOf(req.body, 'assignment') === 'everyone') {
      const everyone = org.groups.find(({ type }) => type === 'BUILT_IN')
      if (everyone) org.assignments.get(app.id)?.groups.add(everyone.id)
    }
    res.redirect(303, `${CONSOLE}/${app.id}`)
  })

  router.use(`${CONSOLE}/:appId`, async (req, res, next) => {
    res.locals.app = org.apps.find(({ id }) => id === req.params.appId)
    if (res.locals.app) return next()
    await sendPage(res, 404, 'okta', 'message', { title: 'not_found.title', text: 'not_found.text' })
  })
  router.get(`${CONSOLE}/:appId`, (_req, res) => sendApp(res, 200, res.locals.app))
  router.post(`${CONSOLE}/:appId/redirect-uris`, async (req, res) => {
    const app: OktaApp = res.locals.app
    const uris = linesIn(textOf(req.body, 'redirectUris'))
    const parsed = parseApp(bodyOf(app.label, uris))
    if ('faults' in parsed)
      return sendApp(res, UNPROCESSABLE, app, parsed.faults.map(([, what]) => what).join(' '))
    app.settings.oauthClient.redirect_uris = uris
    res.redirect(303, `${CONSOLE}/${app.id}`)
  })
  router.post(`${CONSOLE}/:appId/secret`, (_req, res) => {
    const app: OktaApp = res.locals.app
    app.credentials.oauthClient.client_secret = secret(64)
    res.redirect(303, `${CONSOLE}/${app.id}`)
  })
  router.post(`${CONSOLE}/:appId/people`, (req, res) => {
    const app: OktaApp = res.locals.app
    const chosen = new Set([(req.body as { person?: unknown } | undefined)?.person ?? []].flat().map(String))
    const known = org.users.filter(({ id }) => chosen.has(id)).map(({ id }) => id)
    org.assignments.set(app.id, { users: new Set(known), groups: new Set() })
    res.redirect(303, `${CONSOLE}/${app.id}`)
  })
  return router
}

/** What the console makes of its form: a web app with a secret, as Okta presets it. */
const bodyOf = (label: string, redirectUris: string[]) => ({
  ...{ name: 'oidc_client', label, signOnMode: 'OPENID_CONNECT' },
  credentials: { oauthClient: { pkce_required: false } },
  settings: {
    oauthClient: {
      redirect_uris: redirectUris,
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  },
})

const linesIn = (text: string) =>
  text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter(Boolean)
