import express, { type RequestHandler, Router } from 'express'
import { rateLimit } from 'express-rate-limit'
import { AppError, allowMethods } from '../../sso/index.ts'
import { admit, invitationOf, openedHere, openInvitation } from '../invitations/admission.ts'
import type { PortalParts } from '../parts.ts'
import { chooseProvider } from './choose-provider.ts'
import { connect } from './connect.ts'
import { setupPage } from './page.ts'
import { switchOn } from './switch-on.ts'
import { testSignIn } from './test-sign-in.ts'

/** Minutes for which tries are counted, and how many there may be. */
const [minutes, tries, keys] = [10, 20, 60]

/** The pages of the portal. */
export function portalRoutes(parts: PortalParts): Router {
  const { sso, config } = parts
  const router = Router()
  const page = setupPage(parts)
  const test = testSignIn(parts)
  const form = (limit: string): RequestHandler[] => [
    sso.requireSameOrigin,
    express.urlencoded({ extended: false, limit }),
  ]

  router.all('/', allowMethods('GET', 'HEAD'), async (req, res) => {
    const opened = await openedHere(parts, req)
    const [only] = opened
    if (only && opened.length === 1) return res.redirect(303, `${config.baseUrl}/setup/${only.id}`)
    res.render('home', { opened, setupUrl: (id: string) => `${config.baseUrl}/setup/${id}` })
  })
  router.all(
    '/invitation',
    allowMethods('GET'),
    limited(keys, (req) => String(req.ip)),
    openInvitation(parts),
  )

  const setup = Router({ mergeParams: true })
  setup.use(admit(parts))
  const steps = { of: limited(tries, (_req, res) => invitationOf(res).id) }
  setup.all('/', allowMethods('GET', 'HEAD'), (_req, res) => page.show(res, invitationOf(res)))
  setup.all('/provider', allowMethods('POST'), form('10kb'), steps.of, chooseProvider(parts))
  // Metadata has a quarter of a megabyte, three times as long in a form.
  setup.all('/connect', allowMethods('POST'), form('1mb'), steps.of, connect(parts, page))
  setup.all('/test', allowMethods('GET'), steps.of, test.begin)
  setup.all('/tested/:testing', allowMethods('GET'), test.end)
  setup.all('/switch-on', allowMethods('POST'), form('10kb'), switchOn(parts))
  router.use('/setup/:id', setup)
  return router
}

/** Lets so many requests through, and answers more with a 429 and when to come again (RFC 6585 §4). */
function limited(limit: number, of: (...args: Parameters<RequestHandler>) => string): RequestHandler {
  return rateLimit({
    ...{ limit, windowMs: minutes * 60_000, legacyHeaders: false, standardHeaders: false, validate: false },
    keyGenerator: (req, res) => of(req, res, () => {}),
    handler(_req, _res, next, { windowMs }) {
      const count = windowMs / 1000
      const headers = { 'Retry-After': String(count) }
      next(new AppError({ status: 429, code: 'too_many_requests', params: { count }, headers }))
    },
  })
}
