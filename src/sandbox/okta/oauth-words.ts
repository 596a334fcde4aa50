/** The OAuth words Okta knows, whether the sandbox can act on them or not. */
export const APPLICATION_TYPES = ['web', 'browser', 'native', 'service'] as const
export type ApplicationType = (typeof APPLICATION_TYPES)[number]

export const RESPONSE_TYPES = ['code', 'id_token', 'token'] as const
export type ResponseType = (typeof RESPONSE_TYPES)[number]

export const TOKEN_AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_jwt',
  'client_secret_post',
  'none',
  'private_key_jwt',
] as const
export type TokenAuthMethod = (typeof TOKEN_AUTH_METHODS)[number]

export const GRANT_TYPES = [
  'authorization_code',
  'client_credentials',
  'implicit',
  'interaction_code',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:openid:params:grant-type:ciba',
  'urn:okta:params:oauth:grant-type:otp',
  'urn:okta:params:oauth:grant-type:oob',
  'http://auth0.com/oauth/grant-type/mfa-otp',
  'http://auth0.com/oauth/grant-type/mfa-oob',
] as const
export type GrantType = (typeof GRANT_TYPES)[number]
