import { Router } from 'express'
import { z } from 'zod'
import { addApplication, findApplication } from '../state/applications.ts'
import type { Application, Tenant } from '../state/state.ts'
import { ApiError, guard, notFound, notThereToChange } from './shared/api-error.ts'
import { sendList } from './shared/pagination.ts'
import { ApplicationCreate, ApplicationPatch, ApplicationType } from './shared/schemas.ts'

const Query = z.object({
  types: z.union([z.array(ApplicationType), ApplicationType.transform((type) => [type])]).optional(),
  isThirdParty: z.enum(['true', 'false']).optional(),
})

/** Applications: list, make, read, change, delete. */
export function createApplicationRoutes(tenant: Tenant): Router {
  const router = Router()
  const find = (id: string) => {
    const application = findApplication(tenant, id)
    if (!application) throw notFound('applications', id)
    return application
  }

  router.get('/applications', (req, res) => {
    const { types, isThirdParty } = guard(Query, 'query', req.query)
    const listed = tenant.applications
      .filter(({ type }) => !types || types.includes(type))
      .filter((application) => !isThirdParty || String(application.isThirdParty) === isThirdParty)
    // The newest first, as Logto lists them.
    sendList(req, res, listed.map((application) => viewOf(tenant, application)).reverse())
  })
  router.post('/applications', (req, res) => {
    const body = guard(ApplicationCreate, 'body', req.body)
    const type = usableType(body.type)
    if (body.isThirdParty && type !== 'Traditional') {
      const message = 'Only traditional web applications can be marked as a third-party app.'
      throw new ApiError(400, 'application.invalid_third_party_application_type', message)
    }
    res.json(viewOf(tenant, addApplication(tenant, { ...body, type })))
  })
  router.get('/applications/:id', (req, res) => {
    const application = find(req.params.id)
    res.json({ ...viewOf(tenant, application), isAdmin: application.isAdmin })
  })
  router.patch('/applications/:id', (req, res) => {
    const body = guard(ApplicationPatch, 'body', req.body)
    const application = findApplication(tenant, req.params.id)
    if (!application) throw notThereToChange('application')
    res.json(viewOf(tenant, Object.assign(application, body)))
  })
  router.delete('/applications/:id', (req, res) => {
    tenant.applications.splice(tenant.applications.indexOf(find(req.params.id)), 1)
    res.status(204).end()
  })
  return router
}

/** @throws ApiError for the types that need what only Logto Cloud or another API has */
function usableType(type: z.output<typeof ApplicationType>): Application['type'] {
  if (type === 'Protected') {
    const message = 'Protected app metadata is required.'
    throw new ApiError(400, 'application.protected_app_metadata_is_required', message)
  }
  if (type === 'SAML') {
    const message = 'Use `[METHOD] /saml-applications(/.*)?` API to operate SAML app.'
    throw new ApiError(400, 'application.saml.use_saml_app_api', message)
  }
  return type
}

/** The application as the API shows it: its named secrets have an address of their own. */
function viewOf({ id: tenantId }: Tenant, application: Application): Record<string, unknown> {
  const { id, name, description, type, customData, isThirdParty, createdAt } = application
  const { oidcClientMetadata, customClientMetadata, appLevelAccessControlEnabled } = application
  return {
    tenantId,
    id,
    name,
    secret: application.internalSecret,
    description,
    type,
    oidcClientMetadata,
    customClientMetadata,
    protectedAppMetadata: null,
    customData,
    isThirdParty,
    appLevelAccessControlEnabled,
    createdAt,
  }
}
