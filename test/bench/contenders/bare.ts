import { type Contender, refusal } from './contender.ts'
import { homeOf, plainApp } from './plain-app.ts'

/** The floor: no session, no headers, no log. Whoever sends a cookie gets the page of somebody signed in. */
export const contender: Contender = (setup) => {
  const app = plainApp(setup)
  app.get('/', (req, res) => {
    if (!req.headers.cookie) return res.render('home', homeOf(undefined))
    res.render('home', homeOf({ name: 'Erin Moore', email: 'employee@acme.example' }))
  })
  app.get('/api/me', (_req, res) => {
    res.status(401).json(refusal)
  })
  return app
}
