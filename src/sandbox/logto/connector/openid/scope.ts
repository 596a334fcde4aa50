import type { ConnectorConfig } from '../../state/connector.ts'

/** The scopes a connector asks for: Logto always asks for these three, and for what is configured beside them. */
export function scopeOf({ scope = '' }: ConnectorConfig): string {
  return [...new Set(['openid', 'profile', 'email', ...scope.split(/[ +]/).filter(Boolean)])].join(' ')
}
