import okta from '@okta/okta-sdk-nodejs'
import { z } from 'zod'
import type { InEachLanguage } from '../../words/phrase.ts'
import { phrase } from '../problem.ts'
import { App, EventHook, Group } from './answers.ts'
import { peopleCalls } from './people.ts'
import { refusedByOkta, tokenRefused, unreadable } from './refusals.ts'

export type OktaManagement = ReturnType<typeof connectOkta>

/** What a new web app is made of. */
export interface NewApp {
  label: string
  redirectUri: string
  initiateLoginUri: string
}

/** An event hook as it is written; Okta never gives the secret in it back. */
export type WrittenHook = Pick<EventHook, 'name' | 'events' | 'channel'>

/** Apps in one answer, which has room for some kilobytes of each. */
const PAGE = 100

type SdkRequest = Parameters<okta.RequestExecutor['fetch']>[0]
type SdkResponse = Awaited<ReturnType<okta.RequestExecutor['fetch']>>

/** Sends the SDK's requests our way: one limit in time, and one way to wait, for both tenants. */
class Executor extends okta.RequestExecutor {
  readonly #send: typeof fetch

  constructor(send: typeof fetch) {
    super()
    this.#send = send
  }

  override async fetch(request: SdkRequest): Promise<SdkResponse> {
    const { url, method, headers, body } = request as { url: string } & RequestInit
    const response = await this.#send(url, { method, headers, body } as RequestInit)
    // The SDK was written for another `fetch`, and uses of its answers what all of them have.
    return response as unknown as SdkResponse
  }
}

/**
 * One org's Management API, as far as provision uses it. Nothing is sent before the first call.
 *
 * @param access the org's address, and an API token of it
 * @param send `fetch` with a time limit
 * @returns functions that raise ProvisionError for whatever Okta refuses, in words that say what to do
 * @throws ProvisionError for what cannot be a token
 */
export function connectOkta(access: { orgUrl: string; apiToken: string }, send: typeof fetch) {
  // What cannot stand in a header would be shown by the error about it.
  if (!/^[\x21-\x7e]+$/.test(access.apiToken)) throw tokenRefused(access)
  const client = new okta.Client({
    orgUrl: access.orgUrl,
    token: access.apiToken,
    // Said, so that no `okta.yaml` and no variable of the environment says otherwise.
    authorizationMode: 'SSWS',
    requestExecutor: new Executor(send),
    // What was changed a moment ago must not come back as it was.
    cacheMiddleware: null,
  })

  const ask = async <T>(schema: z.ZodType<T>, call: () => Promise<unknown>): Promise<T> => {
    const answer = await call().catch((error: unknown) => {
      throw refusedByOkta(access, error)
    })
    const parsed = schema.safeParse(answer)
    if (!parsed.success) throw unreadable(access)
    return parsed.data
  }
  /**
   * As JSON rather than as the SDK's model: that drops what it does not know, and Okta then takes it for removed, since
   * a PUT replaces the whole app.
   */
  const appUrl = (id: string) => `${access.orgUrl}/api/v1/apps/${encodeURIComponent(id)}`
  const hooksUrl = `${access.orgUrl}/api/v1/eventHooks`
  const hookUrl = (id: string) => `${hooksUrl}/${encodeURIComponent(id)}`
  const written = (hook: WrittenHook) => ({ body: JSON.stringify(hook) }) as SdkRequest
  const readApp = (id: string) => ask(App, () => client.http.getJson(appUrl(id)))

  return {
    ...peopleCalls({ ask, get: (path) => client.http.getJson(`${access.orgUrl}/api/v1${path}`) }),

    /** OIDC apps, all of them, page by page. */
    apps: () =>
      ask(z.array(App), async () => {
        const pages = await client.applicationApi.listApplications({
          filter: 'name eq "oidc_client"',
          limit: PAGE,
        })
        const apps: unknown[] = []
        for await (const app of pages) if (app) apps.push(app)
        return apps
      }),

    /** One app with everything that Okta says of it. */
    app: readApp,

    /** @returns the app, and the only sight of its client secret but for another change */
    createApp: ({ label, redirectUri, initiateLoginUri }: NewApp) =>
      ask(App, () =>
        client.applicationApi.createApplication({
          application: {
            name: 'oidc_client',
            label,
            signOnMode: 'OPENID_CONNECT',
            visibility: { autoSubmitToolbar: false, hide: { web: false, iOS: false } },
            credentials: {
              // Logto's connector sends no code challenge.
              oauthClient: { token_endpoint_auth_method: 'client_secret_basic', pkce_required: false },
            },
            settings: {
              oauthClient: {
                application_type: 'web',
                redirect_uris: [redirectUri],
                response_types: ['code'],
                grant_types: ['authorization_code'],
                initiate_login_uri: initiateLoginUri,
                idp_initiated_login: { mode: 'SPEC' },
              },
            },
          } as okta.OpenIdConnectApplication,
        }),
      ),

    /** @returns the app as it is then, with its client secret */
    replaceApp: (app: App) =>
      ask(App, () => client.http.putJson(appUrl(app.id), { body: JSON.stringify(app) } as SdkRequest)),

    /** Groups whose name begins so. */
    groups: (name: string) =>
      ask(z.array(Group), async () => {
        const groups: unknown[] = []
        for await (const group of await client.groupApi.listGroups({ q: name })) if (group) groups.push(group)
        return groups
      }),

    async isAssigned(appId: string, groupId: string): Promise<boolean> {
      try {
        await client.applicationApi.getApplicationGroupAssignment({ appId, groupId })
        return true
      } catch (error) {
        if ((error as { status?: number }).status === 404) return false
        throw refusedByOkta(access, error)
      }
    },

    /** @returns undefined where the token's administrator may not see them: they are a super administrator's */
    async eventHooks(): Promise<EventHook[] | undefined> {
      try {
        return z.array(EventHook).parse(await client.http.getJson(hooksUrl))
      } catch (error) {
        if ((error as { status?: number }).status === 403) return undefined
        throw error instanceof z.ZodError ? unreadable(access) : refusedByOkta(access, error)
      }
    },

    createEventHook: (hook: WrittenHook) =>
      ask(EventHook, () => client.http.postJson(hooksUrl, written(hook))),

    replaceEventHook: (id: string, hook: WrittenHook) =>
      ask(EventHook, () => client.http.putJson(hookUrl(id), written(hook))),

    activateEventHook: (id: string) =>
      ask(EventHook, () => client.http.postJson(`${hookUrl(id)}/lifecycle/activate`)),

    /**
     * Has Okta ask the hook's address for a proof.
     *
     * @returns what Okta says where there is none; undefined where the hook is verified
     */
    async verifyEventHook(id: string): Promise<InEachLanguage | undefined> {
      try {
        const hook = EventHook.parse(await client.http.postJson(`${hookUrl(id)}/lifecycle/verify`))
        return hook.verificationStatus === 'VERIFIED' ? undefined : phrase`Okta says that it is not verified.`
      } catch (error) {
        if (error instanceof z.ZodError) throw unreadable(access)
        const refusal = refusedByOkta(access, error)
        const { status = 0 } = error as { status?: number }
        if (status < 400 || status >= 500 || [401, 403, 429].includes(status)) throw refusal
        return refusal.problem
      }
    },

    assign: (appId: string, groupId: string) =>
      ask(z.unknown(), () =>
        client.applicationApi.assignGroupToApplication({ appId, groupId, applicationGroupAssignment: {} }),
      ),
  }
}
