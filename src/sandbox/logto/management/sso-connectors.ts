import { Router } from 'express'
import { logtoId } from '../../shared/random.ts'
import { isProviderName } from '../connector/kinds.ts'
import type { SsoConnector } from '../state/connector.ts'
import type { Tenant } from '../state/state.ts'
import { requireUsableConfig, requireUsableDomains } from './connector-rules.ts'
import { PROVIDERS, withProvider } from './connector-view.ts'
import { removeFrom } from './organizations/relation.ts'
import { ApiError, guard, notFound } from './shared/api-error.ts'
import { sendList } from './shared/pagination.ts'
import { SsoConnectorCreate, SsoConnectorPatch } from './shared/schemas.ts'

/** Enterprise connectors: list, make, read, change, delete. */
export function createSsoConnectorRoutes(endpoint: string, tenant: Tenant): Router {
  const router = Router()
  const view = (connector: SsoConnector) => withProvider(endpoint, tenant, connector)
  const find = (id: string) => {
    const connector = tenant.ssoConnectors.find((candidate) => candidate.id === id)
    if (!connector) throw notFound('sso_connectors', id)
    return connector
  }
  const requireFreeName = (name: string | undefined, owner?: SsoConnector) => {
    if (!tenant.ssoConnectors.some((other) => other !== owner && other.connectorName === name)) return
    const message = 'Connector name already exists. Please choose a different name.'
    throw new ApiError(409, 'single_sign_on.duplicate_connector_name', message)
  }

  router.get('/sso-connector-providers', (_req, res) => {
    res.json(PROVIDERS)
  })
  router.get('/sso-connectors', async (req, res) => {
    sendList(req, res, await Promise.all(tenant.ssoConnectors.map(view)))
  })
  router.post('/sso-connectors', async (req, res) => {
    const { providerName, config, domains, ...rest } = guard(SsoConnectorCreate, 'body', req.body)
    if (!isProviderName(providerName)) {
      const message = `Cannot find any available connector for type: ${providerName}.`
      throw new ApiError(422, 'connector.not_found', message)
    }
    const usableDomains = requireUsableDomains(domains)
    const usableConfig = await requireUsableConfig(tenant, providerName, config, () =>
      requireFreeName(rest.connectorName),
    )
    requireTokenStorageOff(rest)
    // Once more: reading the issuer took a while, and in the meantime the name may have been taken.
    requireFreeName(rest.connectorName)
    const connector: SsoConnector = {
      tenantId: tenant.id,
      id: logtoId(),
      providerName,
      connectorName: rest.connectorName,
      config: usableConfig ?? {},
      domains: usableDomains ?? [],
      branding: rest.branding ?? {},
      syncProfile: rest.syncProfile ?? false,
      enableTokenStorage: false,
      createdAt: Date.now(),
    }
    tenant.ssoConnectors.push(connector)
    res.json(connector)
  })
  router.get('/sso-connectors/:id', async (req, res) => {
    res.json(await view(find(req.params.id)))
  })
  router.patch('/sso-connectors/:id', async (req, res) => {
    const { config, domains, ...rest } = guard(SsoConnectorPatch, 'body', req.body)
    const connector = find(req.params.id)
    const usableDomains = requireUsableDomains(domains)
    requireFreeName(rest.connectorName, connector)
    const usableConfig = await requireUsableConfig(tenant, connector.providerName, config)
    requireTokenStorageOff(rest)
    requireFreeName(rest.connectorName, connector)
    Object.assign(
      connector,
      rest,
      usableConfig && { config: usableConfig },
      usableDomains && { domains: usableDomains },
    )
    res.json(await view(connector))
  })
  router.delete('/sso-connectors/:id', (req, res) => {
    const connector = find(req.params.id)
    tenant.ssoConnectors.splice(tenant.ssoConnectors.indexOf(connector), 1)
    for (const { jit } of tenant.organizations) removeFrom(jit.ssoConnectorIds, connector.id)
    tenant.idpInitiatedAuth.delete(connector.id)
    for (const user of tenant.users) {
      user.ssoIdentities = user.ssoIdentities.filter(({ ssoConnectorId }) => ssoConnectorId !== connector.id)
    }
    res.status(204).end()
  })
  return router
}

/** Keeping the identity provider's tokens needs a key the sandbox has not, as a self-hosted Logto at first. */
function requireTokenStorageOff({ enableTokenStorage = false }: { enableTokenStorage?: boolean }): void {
  if (!enableTokenStorage) return
  const message = 'This feature is not supported in the current environment.'
  throw new ApiError(422, 'request.feature_not_supported', message)
}
