import { fillDirectory } from './company.ts'
import { createOktaApp } from './okta/server.ts'
import { createOrg } from './okta/state.ts'
import type { CallLog } from './shared/call-log.ts'
import { listenOnLoopback } from './shared/listen.ts'
import type { LoginHints } from './shared/login-hints.ts'
import { words } from './shared/pages/page-words.ts'

const DOMAIN = 'initech.example'

const PEOPLE = [
  { email: `admin@${DOMAIN}`, firstName: 'Ines', lastName: 'Weber', status: 'ACTIVE' },
  { email: `peter@${DOMAIN}`, firstName: 'Peter', lastName: 'Novak', status: 'ACTIVE' },
  { email: `visitor@partner.example`, firstName: 'Vera', lastName: 'Lind', status: 'ACTIVE' },
] as const

/** A company that has an Okta with people, and is connected to nothing: for an administrator to do by hand. */
export interface NewCompany {
  name: string
  domain: string
  /** Its Okta: the issuer, and where its people and its administrator sign in. */
  okta: string
  /** May use the admin console there. */
  administrator: string
  close(): Promise<void>
}

/** Starts the Okta of a company that nobody has connected yet, on any free port. */
export async function startNewCompany(parts: {
  password: string
  callLog: CallLog
  loginHints: LoginHints
}): Promise<NewCompany> {
  const { password, callLog, loginHints } = parts
  const listening = await listenOnLoopback(0)
  const okta = `http://localhost:${listening.port}`
  const org = createOrg()
  await fillDirectory(org, password, PEOPLE)
  const [administrator] = org.users
  if (administrator) org.administrators.add(administrator.id)
  const accounts = PEOPLE.map(({ email }) => {
    const key = `new_company.${email.split('@')[0]}`
    return { email, shows: { en: words.en(key), ja: words.ja(key) } }
  })
  const { app } = await createOktaApp(okta, org, callLog, { directory: { accounts, password }, loginHints })
  listening.handle(app)
  const { email } = PEOPLE[0]
  return { name: 'Initech', domain: DOMAIN, okta, administrator: email, close: () => listening.close() }
}
