import express, { type Express } from 'express'
import { createPageApp, endPageApp } from '../shared/page-app.ts'
import { allowProviderScript } from '../shared/page-headers.ts'
import { createConsentRoutes } from './consent.ts'
import { createSsoAttempts, type LogtoContext } from './context.ts'
import { createExperienceApi, sendError } from './experience-api.ts'
import { createInteractionBinding } from './interaction-binding.ts'
import { createInteractions } from './interactions.ts'
import { createManagementApi } from './management/router.ts'
import { createLogtoProvider } from './provider.ts'
import { createRegisterRoutes } from './register.ts'
import { createSignInRoutes } from './sign-in.ts'
import { createSsoRoutes } from './sso.ts'
import { createSsoEmailRoutes } from './sso-email.ts'
import type { Tenant } from './state.ts'
import { publicSignInExperienceOf } from './well-known.ts'

/** Logto in miniature: the OpenID provider under /oidc, its sign-in pages and its APIs, over one tenant. */
export async function createLogtoApp(endpoint: string, tenant: Tenant): Promise<Express> {
  const binding = createInteractionBinding()
  const { provider, publicKey } = await createLogtoProvider(endpoint, tenant, binding)
  const interactions = createInteractions(provider, binding)
  const context: LogtoContext = { endpoint, tenant, interactions, ssoAttempts: createSsoAttempts() }

  const app = createPageApp()
  const answerOidc = provider.callback()
  app.use('/oidc', (req, res) => {
    allowProviderScript(res)
    return answerOidc(req, res)
  })
  app.get('/api/status', (_req, res) => {
    res.status(204).end()
  })
  app.get('/api/.well-known/sign-in-exp', (_req, res) => {
    res.set('Cache-Control', 'no-store').json(publicSignInExperienceOf(tenant))
  })
  app.use('/api/experience', createExperienceApi(context))
  app.use('/api', createManagementApi(endpoint, tenant, publicKey))
  app.use('/api', (_req, res) => {
    sendError(res, 404, 'request.not_found', 'The sandbox has no such API.')
  })
  app.use(express.urlencoded({ extended: false, limit: '10kb' }))
  app.use(createSignInRoutes(context), createRegisterRoutes(context), createSsoEmailRoutes(context))
  app.use(createSsoRoutes(context), createConsentRoutes(context, provider))
  endPageApp(app, 'logto')
  return app
}
