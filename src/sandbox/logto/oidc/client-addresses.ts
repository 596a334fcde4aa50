import type Provider from 'oidc-provider'

interface Client {
  redirectUris?: readonly string[]
  postLogoutRedirectUris?: readonly string[]
  redirectUriAllowed(value: string): boolean
  postLogoutRedirectUriAllowed(value: string): boolean
}

/**
 * Has registered addresses compared as URLs, where oidc-provider compares their letters: to Logto
 * `https://app.example` and `https://app.example/` are one.
 */
export function compareWholeAddresses(provider: Provider): void {
  const client = provider.Client.prototype as Client
  const { redirectUriAllowed } = client
  client.redirectUriAllowed = function isAllowed(this: Client, value) {
    return isAmong(this.redirectUris, value) || redirectUriAllowed.call(this, value)
  }
  client.postLogoutRedirectUriAllowed = function isAllowed(this: Client, value) {
    return isAmong(this.postLogoutRedirectUris, value)
  }
}

const isAmong = (registered: readonly string[] = [], value: string) =>
  URL.canParse(value) && registered.some((uri) => new URL(uri).href === new URL(value).href)
