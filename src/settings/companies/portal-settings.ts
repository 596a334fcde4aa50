import { z } from 'zod'
import { makeSecret, phrase, says } from '../fault.ts'
import { duration, port, secrets } from '../values/kinds.ts'
import { webAddress } from '../values/web-address.ts'

/**
 * Settings of the portal, on which a company's administrator connects their identity provider, and of its invitations. Only
 * `npm run invite` and `npm run portal` read them.
 */
export const portalSettings = z.object({
  PORTAL_BASE_URL: webAddress
    .optional()
    .describe(
      'Where administrators of companies reach the portal. Default: `http://localhost:<PORTAL_PORT>`. https in production.',
    ),
  PORTAL_PORT: port(3003)
    .optional()
    .describe(
      'Port on which the portal listens. Default: the one of a `PORTAL_BASE_URL` such as `http://localhost:4003`, else `3003`.',
    ),
  PORTAL_SECRET: secrets
    .refine(
      (list) => list.every((secret) => secret.length >= 32),
      says(phrase`has a secret that is shorter than 32 characters`, makeSecret),
    )
    .optional()
    .describe(
      'Seals invitations to the portal, and signs its cookies; at least 32 random characters. A comma list rotates: the first is used, all are accepted.',
    ),
  PORTAL_INVITATION_SECONDS: duration(604_800)
    .default(604_800)
    .describe('Seconds for which an invitation is good. Default: `604800`.'),
})
