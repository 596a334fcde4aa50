/** The body of an OAuth error answer (RFC 6749 §5.2). */
export interface OAuthError {
  error: string
  error_description?: string | undefined
}

export function isOAuthError(body: unknown): body is OAuthError {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'
}
