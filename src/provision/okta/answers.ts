import { z } from 'zod'

/** The parts of Okta's answers that matter here; whatever else there is stays in them, and goes back with a change. */

export const App = z.looseObject({
  id: z.string(),
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
