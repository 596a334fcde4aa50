import { z } from 'zod'

/** The parts of Okta's answers that matter here; whatever else there is stays in them, and goes back with a change. */

export const App = z.looseObject({
  id: z.string(),
  universalLogout: z.looseObject({ status: z.string().nullish() }).nullish(),
  label: z.string(),
  status: z.string(),
  visibility: z.looseObject({ hide: z.looseObject({ web: z.boolean().nullish() }).nullish() }).nullish(),
  credentials: z.looseObject({
    oauthClient: z.looseObject({
      client_id: z.string(),
      client_secret: z.string().nullish(),
      token_endpoint_auth_method: z.string().nullish(),
      pkce_required: z.boolean().nullish(),
    }),
  }),
  settings: z.looseObject({
    implicitAssignment: z.boolean().nullish(),
    oauthClient: z.looseObject({
      application_type: z.string().nullish(),
      redirect_uris: z.array(z.string()).nullish(),
      response_types: z.array(z.string()).nullish(),
      grant_types: z.array(z.string()).nullish(),
      initiate_login_uri: z.string().nullish(),
      idp_initiated_login: z.looseObject({ mode: z.string().nullish() }).nullish(),
    }),
  }),
})
export type App = z.output<typeof App>

export const Group = z.looseObject({ id: z.string(), profile: z.looseObject({ name: z.string() }) })
export type Group = z.output<typeof Group>

export const OktaUser = z.looseObject({
  id: z.string(),
  status: z.string(),
  profile: z.looseObject({ login: z.string(), email: z.string().nullish() }),
})
export type OktaUser = z.output<typeof OktaUser>

/** That somebody may use an app; `scope` is `USER` or `GROUP`. */
export const AppUser = z.looseObject({ id: z.string(), scope: z.string() })
export type AppUser = z.output<typeof AppUser>

export const EventHook = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  verificationStatus: z.string(),
  events: z.looseObject({ items: z.array(z.string()) }),
  channel: z.looseObject({
    config: z.looseObject({
      uri: z.string(),
      headers: z
        .array(z.looseObject({ key: z.string(), value: z.string().nullish() }))
        .nullish()
        .transform((headers) => headers ?? []),
      authScheme: z.looseObject({ key: z.string().nullish() }).nullish(),
    }),
  }),
})
export type EventHook = z.output<typeof EventHook>
