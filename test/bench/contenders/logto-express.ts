import { handleAuthRoutes, type LogtoExpressConfig, UserScope, withLogto } from '@logto/express'
import expressSession from 'express-session'
import { type Contender, cookieSecret, refusal } from './contender.ts'
import { homeOf, plainApp } from './plain-app.ts'

/** `@logto/express` as its sample has it: its own routes, `withLogto` on the page, express-session's memory store. */
export const contender: Contender = (setup) => {
  const { baseUrl, logto } = setup
  const config: LogtoExpressConfig = { ...logto, baseUrl, scopes: [UserScope.Email] }
  const app = plainApp(setup)
  // The sample leaves out the two options, which makes express-session write at every request.
  app.use(expressSession({ secret: cookieSecret, resave: false, saveUninitialized: false }))
  app.use(handleAuthRoutes(config))
  app.get('/', withLogto(config), (req, res) => {
    const { isAuthenticated, claims } = req.user
    res.render('home', homeOf(isAuthenticated ? claims : undefined))
  })
  app.get('/api/me', withLogto(config), (req, res) => {
    if (req.user.isAuthenticated) res.json({ sub: req.user.claims?.sub })
    else res.status(401).json(refusal)
  })
  return app
}
