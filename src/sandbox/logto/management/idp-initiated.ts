import { Router } from 'express'
import { z } from 'zod'
import { isSaml } from '../connector/kinds.ts'
import { findApplication } from '../state/applications.ts'
import type { IdpInitiatedAuth } from '../state/connector.ts'
import type { Tenant } from '../state/state.ts'
import { ApiError, guard, notFound, notThere, notThereToChange } from './shared/api-error.ts'

const Patch = z.object({
  defaultApplicationId: z.string().min(1).exactOptional(),
  redirectUri: z.string().nullable().exactOptional(),
  authParameters: z.record(z.string(), z.string()).exactOptional(),
  autoSendAuthorizationRequest: z.boolean().exactOptional(),
  clientIdpInitiatedAuthCallbackUri: z.url().nullable().exactOptional(),
})
const Put = Patch.extend({ defaultApplicationId: z.string().min(1) })

/** Where people go whose sign-in begins at their SAML provider: set, read, change, take away. */
export function createIdpInitiatedRoutes(tenant: Tenant): Router {
  const router = Router()
  const path = '/sso-connectors/:id/idp-initiated-auth-config'
  const view = (connectorId: string, config: IdpInitiatedAuth) => ({
    tenantId: tenant.id,
    connectorId,
    ...config,
  })

  router.put(path, (req, res) => {
    const given = guard(Put, 'body', req.body)
    const connector = tenant.ssoConnectors.find(({ id }) => id === req.params.id)
    if (!connector) throw notFound('sso_connectors', req.params.id)
    if (!isSaml(connector)) {
      const message = 'IdP-initiated authentication is only supported by SAML connectors.'
      throw new ApiError(400, 'connector.saml_only_idp_initiated_auth', message)
    }
    const config: IdpInitiatedAuth = {
      redirectUri: null,
      authParameters: {},
      autoSendAuthorizationRequest: false,
      clientIdpInitiatedAuthCallbackUri: null,
      ...given,
      createdAt: Date.now(),
    }
    requireUsable(tenant, config)
    tenant.idpInitiatedAuth.set(connector.id, config)
    res.json(view(connector.id, config))
  })
  router.get(path, (req, res) => {
    const config = tenant.idpInitiatedAuth.get(req.params.id)
    if (!config) throw notThere()
    res.json(view(req.params.id, config))
  })
  router.patch(path, (req, res) => {
    const change = guard(Patch, 'body', req.body)
    const config = tenant.idpInitiatedAuth.get(req.params.id)
    if (!config) throw notThereToChange('sso_connector_idp_initiated_auth_configs')
    requireUsable(tenant, { ...config, ...change })
    res.json(view(req.params.id, Object.assign(config, change)))
  })
  router.delete(path, (req, res) => {
    if (!tenant.idpInitiatedAuth.delete(req.params.id)) throw notThere()
    res.status(204).end()
  })
  return router
}

/** @throws ApiError where the sign-in could not go on */
function requireUsable(tenant: Tenant, config: IdpInitiatedAuth): void {
  const application = findApplication(tenant, config.defaultApplicationId)
  if (!application) throw notFound('applications', config.defaultApplicationId)
  const { type, isThirdParty, oidcClientMetadata } = application
  const isWebApp = type === 'Traditional' && !isThirdParty
  if (!isWebApp && (config.autoSendAuthorizationRequest || type !== 'SPA')) {
    const message = 'Invalid application type for IdP-initiated authentication.'
    throw new ApiError(400, 'single_sign_on.idp_initiated_authentication_invalid_application_type', message)
  }
  if (!config.autoSendAuthorizationRequest) {
    if (config.clientIdpInitiatedAuthCallbackUri) return
    throw new ApiError(400, 'guard.invalid_input', 'clientIdpInitiatedAuthCallbackUri is required')
  }
  if (config.redirectUri === null || oidcClientMetadata.redirectUris.includes(config.redirectUri)) return
  const message = 'The redirect_uri is not registered. Please check the application settings.'
  throw new ApiError(400, 'single_sign_on.idp_initiated_authentication_redirect_uri_not_registered', message)
}
