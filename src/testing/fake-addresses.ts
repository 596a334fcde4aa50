export const endpoint = 'https://logto.test'
export const issuer = `${endpoint}/oidc`
export const appId = 'test-app'
export const appSecret = 'test-app-secret'

/** The app as an API resource, where a test makes it one. */
export const apiResource = 'https://api.test'

export const paths = {
  experience: '/api/.well-known/sign-in-exp',
  discovery: '/oidc/.well-known/openid-configuration',
  keys: '/oidc/jwks',
  token: '/oidc/token',
  revocation: '/oidc/token/revocation',
  userinfo: '/oidc/me',
}
