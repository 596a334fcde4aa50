import { z } from 'zod'
import type { LogtoAccess } from '../../desired.ts'
import type { ProviderName } from '../../providers/provider.ts'
import {
  ApiResource,
  Application,
  ApplicationSecret,
  Connector,
  Hook,
  Role,
  RoleScope,
  Scope,
  SignInExperience,
} from './answers.ts'
import { connectorCalls } from './connectors.ts'
import { organizationCalls } from './organizations.ts'
import { type Answer, inPages, peopleCalls } from './people.ts'
import { refusedByLogto, unreadable } from './refusals.ts'
import { managementTokens } from './token.ts'

export type LogtoManagement = Awaited<ReturnType<typeof managementClient>>

/** What an application is told of its addresses; more may be there. */
export type ClientMetadata = Application['oidcClientMetadata']

/** What an application is told; what is left out stays. */
export type ApplicationChanges = Pick<Application, 'oidcClientMetadata'> &
  Partial<Pick<Application, 'customClientMetadata'>>

export type NewConnector = { providerName: ProviderName; connectorName: string; domains: string[] }

export type ConnectorChanges = { config?: Record<string, unknown>; domains?: string[] }

/** The events that matter here. */
export type HookEvent = 'User.SuspensionStatus.Updated' | 'User.Deleted'

/**
 * One tenant's Management API, as far as provision and doctor use it. Nothing is sent before the first call.
 *
 * @param access the tenant, and the machine-to-machine application to call it as
 * @param send `fetch` with a time limit
 * @returns functions that raise ProvisionError for whatever Logto refuses, in words that say what to do
 */
export async function managementClient(access: LogtoAccess, send: typeof fetch) {
  const { createApiClient } = await import('@logto/api/management') // an optional peer
  const client = createApiClient({ baseUrl: access.endpoint, getToken: managementTokens(access, send) })
  // Answers in place of the network, after the SDK's own middleware has added the token.
  client.use({ onRequest: ({ request }) => send(request) })

  const asJson = (call: Promise<Answer>) =>
    call.catch((reason: unknown) => {
      throw reason instanceof SyntaxError ? unreadable(access) : reason
    })
  const read = async <T>(schema: z.ZodType<T>, call: Promise<Answer>): Promise<T> => {
    const { data, error, response } = await asJson(call)
    if (!response.ok) throw refusedByLogto(access, response.status, error)
    const parsed = schema.safeParse(data)
    if (!parsed.success) throw unreadable(access)
    return parsed.data
  }
  const isLacking = async (call: Promise<Answer>, status: number) => {
    const { response, error } = await asJson(call)
    const { code } = z.object({ code: z.string() }).safeParse(error).data ?? {}
    return response.status === status && code !== 'auth.forbidden'
  }
  const reading = { client, read, asJson, isLacking }

  return {
    ...peopleCalls(reading),
    ...connectorCalls(reading),
    ...organizationCalls(reading),

    /** Traditional web applications, all of them: Logto pages only where a page is asked for. */
    applications: () =>
      read(
        z.array(Application),
        client.GET('/api/applications', { params: { query: { types: ['Traditional'] } } }),
      ),

    /** @returns undefined where there is none with this ID */
    async application(id: string): Promise<Application | undefined> {
      const call = asJson(client.GET('/api/applications/{id}', { params: { path: { id } } }))
      const { response } = await call
      return response.status === 404 ? undefined : read(Application, call)
    },

    createApplication: (name: string, changes: ApplicationChanges) =>
      read(
        Application,
        client.POST('/api/applications', {
          body: { name, type: 'Traditional', ...asDocumented(changes) },
        }),
      ),

    changeApplication: (id: string, changes: ApplicationChanges) =>
      read(
        Application,
        client.PATCH('/api/applications/{id}', {
          params: { path: { id } },
          body: asDocumented(changes),
        }),
      ),

    secrets: (id: string) =>
      read(
        z.array(ApplicationSecret),
        client.GET('/api/applications/{id}/secrets', { params: { path: { id } } }),
      ),

    createSecret: (id: string, name: string) =>
      read(
        ApplicationSecret,
        client.POST('/api/applications/{id}/secrets', { params: { path: { id } }, body: { name } }),
      ),

    connectors: () => read(z.array(Connector), client.GET('/api/sso-connectors')),

    createConnector: (body: NewConnector) => read(Connector, client.POST('/api/sso-connectors', { body })),

    changeConnector: (id: string, changes: ConnectorChanges) =>
      read(Connector, client.PATCH('/api/sso-connectors/{id}', { params: { path: { id } }, body: changes })),

    signInExperience: () => read(SignInExperience, client.GET('/api/sign-in-exp')),

    enableSingleSignOn: () =>
      read(SignInExperience, client.PATCH('/api/sign-in-exp', { body: { singleSignOnEnabled: true } })),

    hooks: () => read(z.array(Hook), client.GET('/api/hooks')),

    createHook: (name: string, url: string, events: HookEvent[]) =>
      read(Hook, client.POST('/api/hooks', { body: { name, events, config: { url }, enabled: true } })),

    changeHook: (id: string, events: string[]) =>
      read(
        Hook,
        client.PATCH('/api/hooks/{id}', {
          params: { path: { id } },
          body: { events: events as HookEvent[], enabled: true },
        }),
      ),

    /** All of them with their permissions, the Management API's own among them. */
    apiResources: () =>
      read(
        z.array(ApiResource),
        client.GET('/api/resources', { params: { query: { includeScopes: 'true' } } }),
      ),

    createApiResource: (name: string, indicator: string) =>
      read(ApiResource, client.POST('/api/resources', { body: { name, indicator } })),

    createScope: (resourceId: string, name: string) =>
      read(
        Scope,
        client.POST('/api/resources/{resourceId}/scopes', {
          params: { path: { resourceId } },
          body: { name },
        }),
      ),

    /** All of them: this list Logto gives in pages only. */
    roles: (): Promise<Role[]> =>
      inPages((query) => read(z.array(Role), client.GET('/api/roles', { params: { query } }))),

    createRole: (name: string, description: string, scopeIds: string[]) =>
      read(Role, client.POST('/api/roles', { body: { name, description, type: 'User', scopeIds } })),

    roleScopes: (id: string) =>
      read(z.array(RoleScope), client.GET('/api/roles/{id}/scopes', { params: { path: { id } } })),

    addRoleScopes: (id: string, scopeIds: string[]) =>
      read(
        z.array(Scope),
        client.POST('/api/roles/{id}/scopes', { params: { path: { id } }, body: { scopeIds } }),
      ),
  }
}

/** Logto's own document calls a redirect URI an object ("Validator function"); the server takes and gives strings. */
function asDocumented({ oidcClientMetadata: addresses, ...others }: ApplicationChanges) {
  const list = (uris: string[]) => uris as unknown as Array<Record<string, unknown>>
  return {
    ...others,
    oidcClientMetadata: {
      ...addresses,
      redirectUris: list(addresses.redirectUris),
      postLogoutRedirectUris: list(addresses.postLogoutRedirectUris),
    },
  }
}
