import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { portalSettings } from '../settings/companies/portal-settings.ts'
import type { SettingFault } from '../settings/fault.ts'
import { misspeltFaults } from '../settings/misspelt.ts'
import { type Environment, parseSettings } from '../settings/parse.ts'
import { proxyFaults } from '../settings/proxy.ts'
import { settings } from '../settings/settings.ts'
import { ownAddress } from '../settings/values/own-address.ts'
import { wiringSettings } from '../settings/wiring.ts'
import type { Phrase } from '../words/phrase.ts'
import { providerFaults, readProvider } from './connection/read-provider.ts'
import { type Desired, managementApiOf } from './desired.ts'
import { phrase } from './problem.ts'

const schema = z
  .object({
    BASE_URL: settings.shape.BASE_URL,
    PORT: settings.shape.PORT,
    LOGTO_ENDPOINT: settings.shape.LOGTO_ENDPOINT,
    LOGTO_APP_ID: settings.shape.LOGTO_APP_ID,
    LOGTO_APP_SECRET: settings.shape.LOGTO_APP_SECRET,
    API_RESOURCE: settings.shape.API_RESOURCE,
    LOGTO_OFFLINE_ACCESS: settings.shape.LOGTO_OFFLINE_ACCESS,
    LOGTO_WEBHOOK_SIGNING_KEY: settings.shape.LOGTO_WEBHOOK_SIGNING_KEY,
    COMPANY_HOOK_KEY: settings.shape.COMPANY_HOOK_KEY,
  })
  .extend(wiringSettings.shape)

/**
 * What the two tenants should hold, by the settings.
 *
 * @param env settings by name: flags over the environment over `.env`
 * @throws ConfigError with every fault and its fix
 */
export function readDesired(env: Environment, { takeOver }: { takeOver: boolean }): Desired {
  const known = [settings, wiringSettings, portalSettings].flatMap(({ shape }) => Object.keys(shape))
  const given = parseSettings(schema, env, (texts) => [
    ...missing(texts),
    ...misspeltFaults(env, known),
    ...proxyFaults(env),
    ...providerFaults(texts),
  ])
  const { LOGTO_ENDPOINT: endpoint = '', OKTA_ORG_URL: orgUrl, OKTA_API_TOKEN: apiToken } = given
  const { OKTA_CLIENT_ID: clientId, OKTA_CLIENT_SECRET: clientSecret } = given
  const provider = readProvider(given)
  const organization = given.SSO_ORGANIZATION ?? given.SSO_CONNECTOR_NAME
  return {
    ...(provider && { provider }),
    ...(organization !== 'none' && {
      organization: {
        name: organization,
        roles: given.SSO_ORGANIZATION_ROLES ?? [],
        permissions: given.SSO_ORGANIZATION_PERMISSIONS ?? [],
      },
    }),
    baseUrl: ownAddress(given).baseUrl,
    appName: given.APP_NAME,
    logto: {
      endpoint,
      managementApi: given.LOGTO_MANAGEMENT_API ?? managementApiOf(endpoint),
      appId: given.LOGTO_M2M_APP_ID ?? '',
      appSecret: given.LOGTO_M2M_APP_SECRET ?? '',
    },
    application: { id: given.LOGTO_APP_ID, secret: given.LOGTO_APP_SECRET },
    connector: {
      name: given.SSO_CONNECTOR_NAME,
      domains: given.SSO_EMAIL_DOMAINS ?? [],
      scopes: given.SSO_EXTRA_SCOPES ?? [],
    },
    // The settings of Okta may be those of another company, in the same file.
    issuer: provider ? undefined : (given.OKTA_ISSUER ?? orgUrl),
    okta: !provider && orgUrl && apiToken ? { orgUrl, apiToken, clientId } : undefined,
    group: given.OKTA_GROUP,
    byHand: !provider && clientId && clientSecret ? { clientId, clientSecret } : undefined,
    apiResource: given.API_RESOURCE,
    apiPermissions: given.API_PERMISSIONS ?? [],
    offlineAccess: given.LOGTO_OFFLINE_ACCESS === 'true',
    companyHookKey: given.COMPANY_HOOK_KEY?.[0] ?? randomBytes(32).toString('hex'),
    webhooks: given.LOGTO_WEBHOOK_SIGNING_KEY !== null,
    takeOver,
  }
}

const copyFromOkta = phrase`copy it from the application's page in the Okta admin console`

const REQUIRED: Readonly<Record<string, Phrase>> = {
  LOGTO_ENDPOINT: phrase`copy “Logto endpoint” from any application's page in the Logto console, such as https://tenant.logto.app`,
  LOGTO_M2M_APP_ID: phrase`Logto console → Applications → Create application → Machine-to-machine, assign it the role “Logto Management API access”, and copy its App ID`,
  LOGTO_M2M_APP_SECRET: phrase`copy an app secret from the same application's page`,
  SSO_EMAIL_DOMAINS: phrase`write the company's email domains, such as acme.com (or pass --domain acme.com)`,
}

function missing(given: Record<string, string>): SettingFault[] {
  const faults: SettingFault[] = Object.entries(REQUIRED)
    .filter(([setting]) => !given[setting])
    .map(([setting, fix]) => ({ setting, problem: phrase`is not set`, fix }))
  const needs = (setting: string, other: string, fix: Phrase) => {
    if (given[setting] && !given[other])
      faults.push({ setting: other, problem: phrase`is not set, while ${setting} is`, fix })
  }
  needs('OKTA_API_TOKEN', 'OKTA_ORG_URL', phrase`write the org's address, such as https://company.okta.com`)
  if (!given.OKTA_API_TOKEN) {
    needs('OKTA_CLIENT_ID', 'OKTA_CLIENT_SECRET', copyFromOkta)
  }
  needs('OKTA_CLIENT_SECRET', 'OKTA_CLIENT_ID', copyFromOkta)
  if (given.OKTA_CLIENT_ID && !given.OKTA_ORG_URL && !given.OKTA_ISSUER) {
    faults.push({
      setting: 'OKTA_ORG_URL',
      problem: phrase`is not set, while ${'OKTA_CLIENT_ID'} is`,
      fix: phrase`write the org's address, such as https://company.okta.com (or another issuer into OKTA_ISSUER)`,
    })
  }
  const orgUrl =
    given.OKTA_ORG_URL && URL.canParse(given.OKTA_ORG_URL) ? new URL(given.OKTA_ORG_URL) : undefined
  if (orgUrl && /-admin\.(okta|oktapreview|okta-emea)\.com$/.test(orgUrl.hostname)) {
    faults.push({
      setting: 'OKTA_ORG_URL',
      problem: phrase`is the address of the admin console`,
      fix: phrase`write https://${orgUrl.hostname.replace('-admin.', '.')}`,
    })
  }
  if (orgUrl?.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(orgUrl.hostname)) {
    faults.push({
      setting: 'OKTA_ORG_URL',
      problem: phrase`is an http address; the API token would travel in the clear`,
      fix: phrase`write the https address`,
    })
  }
  return faults
}
