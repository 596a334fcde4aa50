import { type Request, type Response, Router } from 'express'
import { type Directory, loginPage } from '../shared/pages/login-page.ts'
import { sendOwnPage, sendPage } from '../shared/pages/pages.ts'
import { requireSameOriginForms } from '../shared/pages/same-origin-forms.ts'
import { textOf } from '../shared/pages/text-of.ts'
import type { BrowserSessions } from '../shared/provider/browser-sessions.ts'
import { CONSOLE } from './console.ts'
import { findPerson, signInPerson } from './people.ts'
import type { Org } from './state.ts'
import { tilesFor } from './tiles.ts'

const LOGIN = '/login/login.htm'

/**
 * What people see of Okta itself: its dashboard at the root, with a tile for each of their apps, its own sign-in page
 * before it, and its own sign-out address.
 */
export function createDashboard(
  issuer: string,
  org: Org,
  sessions: BrowserSessions,
  directory: Directory,
): Router {
  const router = Router()

  const personHere = async (req: Request, res: Response) =>
    findPerson(org, (await sessions.personOf(req, res)) ?? '')

  const sendLogin = (req: Request, res: Response, status: number, username = '', problem = '') => {
    const query = new URLSearchParams({ fromURI: ownPath(textOf(req.query, 'fromURI')) })
    const uiLocales = textOf(req.query, 'ui_locales')
    if (uiLocales) query.set('ui_locales', uiLocales)
    const form = { action: `${LOGIN}?${query}`, username, chosen: textOf(req.query, 'account'), problem }
    return sendOwnPage(res, status, 'okta', 'login', loginPage(directory, form))
  }

  router.get('/', async (req, res) => {
    const person = await personHere(req, res)
    if (!person) return res.redirect(303, LOGIN)
    await sendPage(res, 200, 'okta', 'dashboard', {
      title: 'dashboard.title',
      wide: true,
      name: person.profile.firstName,
      login: person.profile.login,
      tiles: tilesFor(org, person.id),
      console: org.administrators.has(person.id) ? CONSOLE : undefined,
    })
  })

  // A tile: by way of Okta to the app's own start, which is told who sends it and nothing else.
  router.get('/home/oidc_client/:appId', async (req, res) => {
    const person = await personHere(req, res)
    if (!person) return res.redirect(303, `${LOGIN}?${new URLSearchParams({ fromURI: req.path })}`)
    const tile = tilesFor(org, person.id).find(({ appId }) => appId === req.params.appId)
    if (!tile) {
      return sendPage(res, 403, 'okta', 'message', {
        title: 'denied.title',
        text: 'denied.text',
      })
    }
    const start = new URL(tile.initiateLoginUri)
    start.searchParams.set('iss', issuer)
    res.set('Cache-Control', 'no-store').redirect(303, start.href)
  })

  router.get(LOGIN, (req, res) => sendLogin(req, res, 200))
  router.post(LOGIN, requireSameOriginForms('okta', 'foreign_form.okta'), async (req, res) => {
    const username = textOf(req.body, 'username')
    const person = await signInPerson(org, username, textOf(req.body, 'password'))
    if (!person) return sendLogin(req, res, 401, username, 'login.unable')
    await sessions.begin(req, res, person.id)
    res.redirect(303, ownPath(textOf(req.query, 'fromURI')))
  })

  router.get('/login/signout', async (req, res) => {
    await sessions.end(req, res)
    res.redirect(303, LOGIN)
  })
  return router
}

/** Where to go on to after signing in: a tile, the console, or the dashboard. */
const ownPath = (path: string) => (/^\/home\/oidc_client\/\w+$/.test(path) || path === CONSOLE ? path : '/')
