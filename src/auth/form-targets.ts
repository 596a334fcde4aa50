import type { AppConfig } from '../config.ts'

/** Origins a policy may name one by one; it travels with every answer, and proxies bound the headers they take. */
const most = 20

/**
 * Where a form of ours may end up, redirects included: at Logto, and the one with the email at a company's Okta.
 *
 * @returns sources for the content security policy's `form-action`
 */
export function formTargets({ logto, connectors }: Pick<AppConfig, 'logto' | 'connectors'>): string[] {
  const oktas = new Set(connectors.map(({ issuer }) => new URL(issuer).origin))
  return [new URL(logto.endpoint).origin, ...(oktas.size > most ? ['https:'] : oktas)]
}
