import express, { type Express } from 'express'
import type { CallLog } from '../../shared/call-log.ts'
import type { Brand } from '../../shared/pages/look.ts'
import { createPageApp, endPageApp } from '../../shared/pages/page-app.ts'
import { allowProviderScript } from '../../shared/pages/page-headers.ts'
import { sendPage } from '../../shared/pages/pages.ts'
import { createBrowserSessions } from '../../shared/provider/browser-sessions.ts'
import { createLoginRoutes, type LoginContext } from '../../shared/provider/login.ts'
import { type Person, signIn } from '../directory.ts'
import type { Flavour } from './flavour.ts'
import { type Client, createProvider } from './provider.ts'

/** What a company's server needs to know. */
export interface CompanyParts {
  look: Brand
  name: string
  url: string
  people: readonly Person[]
  callLog: CallLog
  pages: LoginContext
}

const DISCOVERY = '/.well-known/openid-configuration'

/** A company's OpenID provider, with a page at its root that tells what to enter at Logto. */
export async function createOpenIdApp(
  parts: CompanyParts,
  flavour: Flavour,
  client: Client,
): Promise<Express> {
  const { look, name, url, people, callLog, pages } = parts
  const provider = await createProvider(look, url, flavour, people, client)
  const sessions = createBrowserSessions(provider)
  const answerOidc = provider.callback()
  const app = createPageApp()
  app.use(callLog.recorder(look))
  for (const [path, document] of Object.entries(flavour.documents ?? {})) {
    app.get(path + DISCOVERY, (_req, res) => {
      res.json(document)
    })
  }
  app.get('/', (_req, res) =>
    sendPage(res, 200, look, 'company', {
      title: `companies.${look}`,
      wide: true,
      name,
      values: [
        ['issuer', flavour.address],
        ...(flavour.issuer === flavour.address ? [] : [['tenant_issuer', flavour.issuer] as const]),
        ['client_id', client.clientId],
      ],
    }),
  )
  app.get('/signout', async (req, res) => {
    await sessions.end(req, res)
    res.redirect(303, '/')
  })
  app.use('/login', express.urlencoded({ extended: false, limit: '10kb' }))
  app.use(
    createLoginRoutes(provider, pages, {
      look,
      signIn: async (username, password) => (await signIn(people, username, password))?.id,
    }),
  )
  app.use((req, res, next) => {
    if (!isProviders(req.path, flavour)) return next()
    allowProviderScript(res)
    return answerOidc(req, res)
  })
  endPageApp(app, look)
  return app
}

/** The endpoints, the pages in between, and the discovery document where it is the library's own. */
function isProviders(path: string, { routes, documents }: Flavour): boolean {
  const own = documents ? Object.values(routes) : ['/auth', '/token', '/jwks', '/me', '/session', DISCOVERY]
  return own.some((route) => path === route || path.startsWith(`${route}/`))
}
