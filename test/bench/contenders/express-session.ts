import expressSession from 'express-session'
import { type Contender, cookieSecret } from './contender.ts'
import { homeOf, plainApp } from './plain-app.ts'

interface Person {
  name: string
  email: string
}

const erin: Person = { name: 'Erin Moore', email: 'employee@acme.example' }

/**
 * express-session with its memory store and nothing else. There is no sign-in to measure: asking for `/sign-in` puts
 * the person into the session.
 */
export const contender: Contender = (setup) => {
  const app = plainApp(setup)
  // The options its README recommends, kinder to the peer than its defaults, which write at every request.
  app.use(expressSession({ secret: cookieSecret, resave: false, saveUninitialized: false }))
  app.get('/sign-in', (req, res) => {
    Object.assign(req.session, { person: erin })
    res.redirect('/')
  })
  app.get('/', (req, res) => {
    const { person } = req.session as { person?: Person }
    res.render('home', homeOf(person))
  })
  return app
}
