import type { ErrorRequestHandler } from 'express'
import eoc from 'express-openid-connect'
import { type Contender, cookieSecret, refusal } from './contender.ts'
import { homeOf, plainApp } from './plain-app.ts'

/**
 * `express-openid-connect` as its README sets it up, session in an encrypted cookie; with what Logto needs beyond:
 * the code flow, the client's secret and ES384. Pages are public until somebody signs in (`authRequired`).
 */
export const contender: Contender = (setup) => {
  const { baseUrl, logto } = setup
  const app = plainApp(setup)
  app.use(
    eoc.auth({
      issuerBaseURL: `${logto.endpoint}/oidc`,
      baseURL: baseUrl,
      clientID: logto.appId,
      clientSecret: logto.appSecret,
      clientAuthMethod: 'client_secret_basic',
      secret: cookieSecret,
      idpLogout: true,
      authRequired: false,
      idTokenSigningAlg: 'ES384',
      authorizationParams: { response_type: 'code' },
    }),
  )
  app.get('/', (req, res) => {
    const { user } = req.oidc
    res.render('home', homeOf(req.oidc.isAuthenticated() ? user : undefined))
  })
  app.get('/api/me', eoc.requiresAuth(), (req, res) => {
    res.json({ sub: req.oidc.user?.sub })
  })
  app.use(refuse)
  return app
}

const refuse: ErrorRequestHandler = (error, _req, res, next) => {
  if (error?.status === 401) res.status(401).json(refusal)
  else next(error)
}
