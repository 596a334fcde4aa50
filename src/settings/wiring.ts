import { z } from 'zod'
import { says } from './fault.ts'
import { emailDomains, scopes, webAddress } from './values/kinds.ts'

const withoutPath = says(
  'is more than the address of a host',
  'write it as https://company.okta.com, with no path',
)

/**
 * Settings that only `npm run provision` and `npm run doctor` read: who may look at the two tenants, and what they
 * should hold. The app runs without them, and production is safer so.
 */
export const wiringSettings = z.object({
  LOGTO_M2M_APP_ID: z
    .string()
    .optional()
    .describe(
      'App ID of a Machine-to-machine application in Logto that has the role “Logto Management API access”.',
    ),
  LOGTO_M2M_APP_SECRET: z.string().optional().describe('App secret of the same application.'),
  LOGTO_MANAGEMENT_API: z
    .string()
    .optional()
    .describe(
      "Identifier of Logto's Management API, needed where Logto Cloud has a domain of your own: `https://<tenant>.logto.app/api`. Default: what fits `LOGTO_ENDPOINT`.",
    ),
  APP_NAME: z
    .string()
    .max(100, says('is too long', 'write a name of at most 100 characters'))
    .default('Express app')
    .describe(
      "Name of the application in Logto, and of its tile on Okta's dashboard. Default: `Express app`.",
    ),
  SSO_CONNECTOR_NAME: z
    .string()
    .max(128, says('is too long', 'write a name of at most 128 characters'))
    .default('Okta')
    .describe("Name of the enterprise connector in Logto, one for each company's Okta. Default: `Okta`."),
  SSO_EMAIL_DOMAINS: emailDomains
    .optional()
    .describe("The company's email domains, in a comma list, such as `acme.com,acme.co.jp`."),
  SSO_EXTRA_SCOPES: scopes
    .optional()
    .describe('Scopes to ask Okta for beside `openid profile email`, such as `groups`.'),
  OKTA_ORG_URL: webAddress
    .refine((value) => new URL(value).pathname === '/', withoutPath)
    .optional()
    .describe("Address of the company's Okta org, such as `https://company.okta.com`."),
  OKTA_API_TOKEN: z
    .string()
    .optional()
    .describe('API token of that org (Security → API → Tokens). Without one, provision says what to enter.'),
  OKTA_GROUP: z
    .string()
    .default('Everyone')
    .describe('Okta group whose members may use the application. Default: `Everyone`.'),
  OKTA_ISSUER: webAddress
    .optional()
    .describe('Issuer of the connector, for a custom authorization server. Default: `OKTA_ORG_URL`.'),
  OKTA_CLIENT_ID: z
    .string()
    .optional()
    .describe('Client ID of the application in Okta, where it was made by hand.'),
  OKTA_CLIENT_SECRET: z.string().optional().describe('Client secret of the same application.'),
})

export type WiringSettings = z.output<typeof wiringSettings>
