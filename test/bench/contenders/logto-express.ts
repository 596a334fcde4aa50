import { handleAuthRoutes, type LogtoExpressConfig, UserScope, withLogto } from '@logto/express'
import expressSession from 'express-session'
import { type Contender, cookieSecret } from './contender.ts'
import { homeOf, plainApp } from './plain-app.ts'

/** `@logto/express` as its sample has it: its own routes, `withLogto` on the page, express-session's memory store. */
export const contender: Contender = ({ baseUrl, logto }) => {
  const config: LogtoExpressConfig = { ...logto, baseUrl, scopes: [UserScope.Email] }
  const app = plainApp(baseUrl)
  // The sample leaves out the two options, which makes express-session write at every request.
  app.use(expressSession({ secret: cookieSecret, resave: false, saveUninitialized: false }))
  app.use(handleAuthRoutes(config))
  app.get('/', withLogto(config), (req, res) => {
    const { isAuthenticated, claims } = req.user
    res.render('home', homeOf(isAuthenticated ? claims : undefined))
  })
  return app
}
