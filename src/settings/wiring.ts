import { z } from 'zod'
import { providers } from './companies/providers.ts'
import { phrase, says } from './fault.ts'
import { emailDomains, names, scopes } from './values/kinds.ts'
import { webAddress } from './values/web-address.ts'

const withoutPath = says(
  phrase`is more than the address of a host`,
  phrase`write it as https://company.okta.com, with no path`,
)

/** What a kind of provider checks itself. */
const entered = (words: string) => z.string().optional().describe(words)

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
  API_PERMISSIONS: scopes
    .optional()
    .describe(
      'Permissions of the API resource `API_RESOURCE` that provision makes, and a role that has them: what the guards of the app ask for, such as `read:reports write:reports`.',
    ),
  APP_NAME: z
    .string()
    .max(100, says(phrase`is too long`, phrase`write a name of at most 100 characters`))
    .default('Express app')
    .describe(
      "Name of the application in Logto, and of its tile on Okta's dashboard. Default: `Express app`.",
    ),
  SSO_CONNECTOR_NAME: z
    .string()
    .max(128, says(phrase`is too long`, phrase`write a name of at most 128 characters`))
    .default('Okta')
    .describe(
      'Name of the enterprise connector in Logto, one for each company; with a provider other than Okta it has to be set. Default: `Okta`.',
    ),
  SSO_EMAIL_DOMAINS: emailDomains
    .optional()
    .describe("The company's email domains, in a comma list, such as `acme.com,acme.co.jp`."),
  SSO_EXTRA_SCOPES: scopes
    .optional()
    .describe('Scopes to ask the provider for beside `openid profile email`, such as `groups`.'),
  SSO_PROVIDER: z
    .string()
    .transform((text) => providers.find((name) => name.toLowerCase() === text.toLowerCase()) ?? text)
    .pipe(
      z.enum(
        providers,
        says(
          phrase`is no kind of provider that Logto has`,
          phrase`write one of ${providers.join(', ')}, or leave it out`,
        ),
      ),
    )
    .default('Okta')
    .describe(
      "The company's identity provider, by Logto's name: `Okta`, `AzureAdOidc` or `AzureAD` (Microsoft Entra ID by OpenID Connect or SAML), `GoogleWorkspace`, `OIDC`, `SAML`. The settings `OKTA_` are for Okta, those from `SSO_ISSUER` on for the others. Default: `Okta`.",
    ),
  SSO_ISSUER: entered(
    'Issuer of the provider, such as `https://login.microsoftonline.com/<tenant ID>/v2.0`; for `AzureAdOidc` and `OIDC`.',
  ),
  SSO_CLIENT_ID: entered(
    'Client ID of the application at the provider; for `AzureAdOidc`, `GoogleWorkspace` and `OIDC`.',
  ),
  SSO_CLIENT_SECRET: entered('Client secret of the same application.'),
  SSO_TRUST_UNVERIFIED_EMAIL: entered(
    'Whether an address counts that the provider does not call verified: `true` only where the company gives out every address there. Default: what the connector has, else `false`.',
  ),
  SSO_METADATA_URL: entered("Address of the provider's SAML metadata; for `AzureAD` and `SAML`."),
  SSO_METADATA_FILE: entered('Path of a file with that metadata, where it has no address.'),
  SSO_ENTITY_ID: entered('Entity ID of the provider, by hand in place of metadata.'),
  SSO_SIGN_IN_ENDPOINT: entered('Address the provider is sent requests to (HTTP-Redirect), by hand.'),
  SSO_CERTIFICATE_FILE: entered("Path of a file with the provider's signing certificate (PEM), by hand."),
  SSO_ID_ATTRIBUTE: entered("SAML attribute that holds a person's ID. Default: `nameID`, the Name ID."),
  SSO_EMAIL_ATTRIBUTE: entered(
    "SAML attribute that holds a person's address. Default: `email`; with `AzureAD` Entra's.",
  ),
  SSO_NAME_ATTRIBUTE: entered(
    "SAML attribute that holds a person's name. Default: `name`; with `AzureAD` Entra's.",
  ),
  SSO_ORGANIZATION: z
    .string()
    .max(128, says(phrase`is too long`, phrase`write a name of at most 128 characters`))
    .optional()
    .describe(
      "Name of the company's organization in Logto, which its people join by signing in, or the ID of one that is there; `none` for no organization. Default: the connector's name.",
    ),
  SSO_ORGANIZATION_ROLES: names
    .optional()
    .describe(
      'Roles of the organization template that they get when they join, in a comma list, such as `member`; made where they are not there. Default: none.',
    ),
  SSO_ORGANIZATION_PERMISSIONS: names
    .optional()
    .describe(
      'Permissions of the organization template that these roles have, in a comma list, such as `read:reports`; made where they are not there. Default: none.',
    ),
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
