import express, { type Express } from 'express'
import { createPageApp, endPageApp } from '../shared/page-app.ts'
import { allowProviderScript } from '../shared/page-headers.ts'
import { createProviderStorage } from '../shared/provider-storage.ts'
import { clientOf } from './clients.ts'
import { showLogtosTime } from './clock.ts'
import { goodConduct } from './conduct.ts'
import { createConsentRoutes } from './consent.ts'
import { createContext } from './context.ts'
import type { SandboxControl } from './control.ts'
import { createControlRoom, type Surroundings } from './control-room.ts'
import { createControl } from './create-control.ts'
import { createExperienceApi, sendError } from './experience-api.ts'
import { createHappenings } from './happenings.ts'
import { createInteractions } from './interactions.ts'
import { createIssuer } from './issuer.ts'
import { createManagementApi } from './management/router.ts'
import { createOutage } from './outage.ts'
import { createRegisterRoutes } from './register.ts'
import { createSignInRoutes } from './sign-in.ts'
import { createSsoRoutes } from './sso.ts'
import { createSsoEmailRoutes } from './sso-email.ts'
import type { Tenant } from './state.ts'
import { isActiveUser } from './users.ts'
import { publicSignInExperienceOf } from './well-known.ts'

/**
 * Logto in miniature: the OpenID provider under /oidc, its sign-in pages and its APIs, over one tenant; and the
 * handle by which it misbehaves, with a page of its own.
 */
export async function createLogtoApp(
  endpoint: string,
  tenant: Tenant,
  surroundings: Surroundings,
): Promise<{ app: Express; control: SandboxControl }> {
  const conduct = goodConduct()
  const happenings = createHappenings()
  const storage = createProviderStorage({
    findClient: (id) => clientOf(tenant, id),
    isActive: (accountId) => isActiveUser(tenant, accountId),
  })
  const issuer = await createIssuer({ endpoint, tenant, storage, conduct, happenings })
  const interactions = createInteractions(issuer.provider)
  const context = createContext({ endpoint, tenant, interactions, happenings })
  const outage = createOutage(conduct, happenings)
  const people = { tenant, storage, conduct, happenings }
  const control = createControl({ ...people, endpoint, issuer, outage })

  const app = createPageApp()
  app.use(surroundings.journey.recorder('logto'))
  app.use(createControlRoom({ endpoint, tenant, conduct, control, ...surroundings }))
  app.use(showLogtosTime(conduct), outage.handler)
  app.use('/oidc', (req, res) => {
    allowProviderScript(res)
    return issuer.answer(req, res)
  })
  app.get('/api/status', (_req, res) => {
    res.status(204).end()
  })
  app.get('/api/.well-known/sign-in-exp', (_req, res) => {
    res.set('Cache-Control', 'no-store').json(publicSignInExperienceOf(tenant))
  })
  app.use('/api/experience', createExperienceApi(context))
  app.use('/api', createManagementApi(endpoint, people, issuer))
  app.use('/api', (_req, res) => {
    sendError(res, 404, 'request.not_found', 'The sandbox has no such API.')
  })
  app.use(express.urlencoded({ extended: false, limit: '10kb' }))
  app.use(createSignInRoutes(context), createRegisterRoutes(context), createSsoEmailRoutes(context))
  app.use(createSsoRoutes(context), createConsentRoutes(context, issuer.provider))
  endPageApp(app, 'logto')
  return { app, control }
}
