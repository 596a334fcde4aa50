import { pino } from 'pino'
import type { Contender } from './contender.ts'
import { built, configOf } from './our-package.ts'
import { homeOf, plainApp } from './plain-app.ts'

/** An Express app with the package, as its README has it: five lines around a page and an API route of the app's own. */
export const contender: Contender = async (setup) => {
  const { singleSignOn } = await built<typeof import('../../../src/sso/index.ts')>('sso/index.js')
  const sso = await singleSignOn(await configOf(setup), { logger: pino() })
  const app = plainApp(setup)
  app.use(sso.routes)
  app.get('/', (req, res) => res.render('home', homeOf(sso.personOf(req))))
  app.get('/api/me', sso.requireAccess(), (req, res) => res.json({ sub: sso.accessOf(req).sub }))
  app.use(sso.errors)
  return app
}
