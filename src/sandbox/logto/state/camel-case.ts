/** `given_name` to `givenName`: OpenID Connect's spelling to Logto's own. */
export const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
