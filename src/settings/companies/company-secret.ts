import { createHmac } from 'node:crypto'

/**
 * A company's secret, which its Okta sends as `Authorization` with each delivery of the event hook. It follows from the
 * key, so that nothing more has to be kept, and one company's tells nothing of another's.
 *
 * @param key one of `COMPANY_HOOK_KEY`
 * @param issuer the company's, as `SSO_CONNECTORS` has it
 * @returns base64url(HMAC-SHA-256(key, issuer))
 */
export const companySecret = (key: string, issuer: string): string =>
  createHmac('sha256', key).update(issuer).digest('base64url')
