import type { SsoConnector } from '../state/state.ts'

/** The scopes a connector asks for: Logto always asks for these three, and for what is configured beside them. */
export function scopeOf({ scope = '' }: SsoConnector['config']): string {
  return [...new Set(['openid', 'profile', 'email', ...scope.split(/[ +]/).filter(Boolean)])].join(' ')
}
