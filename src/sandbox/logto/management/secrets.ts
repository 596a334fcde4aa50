import { Router } from 'express'
import { addSecret, findApplication } from '../state/applications.ts'
import type { ApplicationSecret, Tenant } from '../state/state.ts'
import { ApiError, guard, notFound, notThere, notThereToChange } from './shared/api-error.ts'
import { ApplicationSecretCreate, ApplicationSecretPatch } from './shared/schemas.ts'

/** The secrets of an application: list, make one more, rename, delete. */
export function createSecretRoutes(tenant: Tenant): Router {
  const router = Router()
  const viewOf = (applicationId: string, secret: ApplicationSecret) => ({
    tenantId: tenant.id,
    applicationId,
    ...secret,
  })

  router.get('/applications/:id/secrets', (req, res) => {
    const application = findApplication(tenant, req.params.id)
    if (!application) throw notFound('applications', req.params.id)
    res.json(application.secrets.map((secret) => viewOf(application.id, secret)))
  })
  router.post('/applications/:id/secrets', (req, res) => {
    const { name, expiresAt = null } = guard(ApplicationSecretCreate, 'body', req.body)
    if (expiresAt !== null && expiresAt <= Date.now()) {
      const message = 'Input is invalid. The value of `expiresAt` must be in the future.'
      throw new ApiError(400, 'request.invalid_input', message)
    }
    const application = findApplication(tenant, req.params.id)
    if (!application) throw applicationMissing()
    if (application.secrets.some((secret) => secret.name === name)) {
      throw new ApiError(422, 'application.secret_name_exists', 'Secret name already exists.')
    }
    res.status(201).json(viewOf(application.id, addSecret(application, name, expiresAt)))
  })
  router.patch('/applications/:id/secrets/:name', (req, res) => {
    const { name } = guard(ApplicationSecretPatch, 'body', req.body)
    const secret = findSecret(tenant, req.params.id, req.params.name)
    if (!secret) throw notThereToChange('application secret')
    res.json(viewOf(req.params.id, Object.assign(secret, { name })))
  })
  router.delete('/applications/:id/secrets/:name', (req, res) => {
    const { secrets = [] } = findApplication(tenant, req.params.id) ?? {}
    const secret = findSecret(tenant, req.params.id, req.params.name)
    if (!secret) throw notThere()
    secrets.splice(secrets.indexOf(secret), 1)
    res.status(204).end()
  })
  return router
}

const findSecret = (tenant: Tenant, id: string, name: string) =>
  findApplication(tenant, id)?.secrets.find((secret) => secret.name === name)

/** Logto finds out only when the database refuses the row. */
const applicationMissing = () =>
  new ApiError(
    404,
    'entity.relation_foreign_key_not_found',
    'Cannot find one or more foreign keys. Please check the input and ensure that all referenced entities exist.',
  )
