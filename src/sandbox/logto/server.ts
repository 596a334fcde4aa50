import express, { type Express } from 'express'
import { createControlRoom } from '../control-room/control-room.ts'
import type { ControlRoomContext } from '../control-room/section.ts'
import { createPageApp, endPageApp } from '../shared/pages/page-app.ts'
import { allowProviderScript } from '../shared/pages/page-headers.ts'
import { createProviderStorage } from '../shared/provider/provider-storage.ts'
import { defaultBehaviour } from './control/behaviour.ts'
import { showLogtosTime } from './control/clock.ts'
import type { SandboxControl } from './control/control.ts'
import { createControl } from './control/create-control.ts'
import { createEventLog } from './control/event-log.ts'
import { createOutage } from './control/outage.ts'
import { createAssertionConsumer } from './experience/assertion-consumer.ts'
import { createExperienceApi, sendError } from './experience/experience-api.ts'
import { createSsoRoutes } from './experience/sso.ts'
import { publicSignInExperienceOf } from './experience/well-known.ts'
import { createManagementApi } from './management/router.ts'
import { clientOf } from './oidc/clients.ts'
import { createIssuer } from './oidc/issuer.ts'
import { createConsentRoutes } from './pages/consent.ts'
import { createContext } from './pages/context.ts'
import { createInteractions } from './pages/interactions.ts'
import { createRegisterRoutes } from './pages/register.ts'
import { createSignInRoutes } from './pages/sign-in.ts'
import { createSsoEmailRoutes } from './pages/sso-email.ts'
import type { Tenant } from './state/state.ts'
import { isActiveUser } from './state/users.ts'

/**
 * Logto in miniature: the OpenID provider under /oidc, its sign-in pages and its APIs, over one tenant; and the
 * handle by which it misbehaves, with a page of its own.
 */
export async function createLogtoApp(
  endpoint: string,
  tenant: Tenant,
  controlRoom: ControlRoomContext,
): Promise<{ app: Express; control: SandboxControl }> {
  const { accounts, loginHints } = controlRoom
  const behaviour = defaultBehaviour()
  const eventLog = createEventLog(controlRoom.callLog)
  const storage = createProviderStorage({
    findClient: (id) => clientOf(tenant, id),
    isActive: (accountId) => isActiveUser(tenant, accountId),
  })
  const issuer = await createIssuer({ endpoint, tenant, storage, behaviour, eventLog })
  const interactions = createInteractions(issuer.provider)
  const context = createContext({ endpoint, tenant, interactions, behaviour, eventLog, accounts, loginHints })
  const outage = createOutage(behaviour, eventLog)
  const people = { tenant, storage, behaviour, eventLog }
  const control = createControl({ ...people, endpoint, issuer, outage })

  const app = createPageApp()
  app.use(controlRoom.callLog.recorder('logto'))
  app.use(createControlRoom({ endpoint, tenant, behaviour, control, ...controlRoom }))
  app.use(showLogtosTime(behaviour), outage.handler)
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
  app.use('/api', createAssertionConsumer(context))
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
