import express, { type Express, type Request, type Response } from 'express'
import { loginPage } from '../../shared/pages/login-page.ts'
import { createPageApp, endPageApp } from '../../shared/pages/page-app.ts'
import { sendOwnPage, sendPage } from '../../shared/pages/pages.ts'
import { requireSameOriginForms } from '../../shared/pages/same-origin-forms.ts'
import { textOf } from '../../shared/pages/text-of.ts'
import { providerMetadata } from '../../shared/saml-provider-metadata.ts'
import { activePerson, nameOf, type Person, signIn } from '../directory.ts'
import type { CompanyParts } from '../openid/server.ts'
import type { Credential } from './certificate.ts'
import { readRequest } from './request.ts'
import { responseXml, signed } from './response.ts'
import { createSamlSessions } from './sessions.ts'

/** An application, as it was entered by hand: whom responses may be for, and where they go. */
export interface ServiceProvider {
  entityId: string
  assertionConsumerServiceUrl: string
}

const LOOK = 'saml'
const PATHS = { metadata: '/metadata', signIn: '/sso', start: '/start' }

/** What a company's SAML provider calls itself, and the address of its metadata. */
export const samlAddresses = (url: string) => ({
  entityId: `${url}${PATHS.metadata}`,
  metadataUrl: `${url}${PATHS.metadata}`,
})

/**
 * A company's SAML provider: metadata, single sign-on by a request in the address (SAML 2.0 Profiles §4.1) or without
 * one, from its own page (§4.1.5).
 *
 * @param known the applications it knows, live
 */
export function createSamlApp(
  parts: CompanyParts,
  { privateKey, certificate }: Credential,
  known: readonly ServiceProvider[],
): Express {
  const { name, url, people, callLog, pages } = parts
  const sessions = createSamlSessions(url)
  const { entityId } = samlAddresses(url)
  const app = createPageApp()

  const personHere = async (req: Request, res: Response) =>
    activePerson(people, await sessions.personOf(req, res))

  /** Its own path is where the form leads, so that signing in goes on where it began. */
  const sendLogin = (req: Request, res: Response, status: number, username?: string, problem = '') => {
    const hint = pages.loginHints.get(textOf(req.query, 'RelayState'))
    const { account: _chosen, ...query } = req.query as Record<string, string>
    const form = {
      action: `${req.path}?${new URLSearchParams(query)}`,
      username: username ?? hint?.email ?? '',
      chosen: textOf(req.query, 'account'),
      problem,
      uiLocales: hint?.uiLocales,
    }
    return sendOwnPage(res, status, LOOK, 'login', loginPage(pages.directory, form))
  }

  /** A page that has the browser post a response (SAML 2.0 Bindings §3.5.4). */
  async function sendResponse(
    res: Response,
    to: ServiceProvider,
    person: Person,
    { inResponseTo, relayState }: { inResponseTo?: string | undefined; relayState?: string | undefined } = {},
  ) {
    const { email, id: nameId } = person
    const xml = responseXml({
      ...{
        issuer: entityId,
        audience: to.entityId,
        recipient: to.assertionConsumerServiceUrl,
        inResponseTo,
        nameId,
      },
      attributes: { email, name: nameOf(person) },
    })
    const response = await signed(xml, { privateKey, certificate })
    await sendOwnPage(res, 200, LOOK, 'respond', {
      ...{ title: 'saml.respond', action: to.assertionConsumerServiceUrl, response, relayState },
    })
  }

  const sendUnknown = (res: Response) =>
    sendPage(res, 400, LOOK, 'message', { title: 'saml.unknown', text: 'saml.unknown_text' })

  app.use(callLog.recorder(LOOK))
  app.get(PATHS.metadata, (_req, res) => {
    res
      .type('application/samlmetadata+xml')
      .send(providerMetadata({ entityId, signInEndpoint: `${url}${PATHS.signIn}`, certificate }))
  })
  app.get('/', async (req, res) =>
    sendPage(res, 200, LOOK, 'company', {
      ...{ title: `companies.${LOOK}`, wide: true, name, values: [['metadata', `${url}${PATHS.metadata}`]] },
      start: known.length > 0 ? PATHS.start : undefined,
      signedIn: (await personHere(req, res))?.email,
    }),
  )
  app.get('/signout', async (req, res) => {
    await sessions.end(req, res)
    res.redirect(303, '/')
  })
  app.get(PATHS.signIn, async (req, res) => {
    const request = await readRequest(textOf(req.query, 'SAMLRequest'))
    const to = known.find((each) => each.entityId === request?.issuer)
    const isRegistered =
      request?.consumer === undefined || request.consumer === to?.assertionConsumerServiceUrl
    if (!request || !to || !isRegistered) return sendUnknown(res)
    const person = await personHere(req, res)
    if (!person) return sendLogin(req, res, 200)
    const relayState = textOf(req.query, 'RelayState')
    await sendResponse(res, to, person, { inResponseTo: request.id, relayState })
  })
  app.get(PATHS.start, async (req, res) => {
    const [to] = known
    if (!to) return sendUnknown(res)
    const person = await personHere(req, res)
    if (!person) return sendLogin(req, res, 200)
    await sendResponse(res, to, person)
  })
  app.post(
    [PATHS.signIn, PATHS.start],
    requireSameOriginForms(LOOK, 'foreign_form.provider'),
    express.urlencoded({ extended: false, limit: '10kb' }),
    async (req, res) => {
      const username = textOf(req.body, 'username')
      const person = await signIn(people, username, textOf(req.body, 'password'))
      if (!person) return sendLogin(req, res, 401, username, 'login.unable')
      await sessions.begin(req, res, person.id)
      res.redirect(303, req.originalUrl)
    },
  )
  endPageApp(app, LOOK)
  return app
}
