import { commandLine, startCommand } from '../settings/command-line.ts'
import type { BlankSandbox } from './blank.ts'

/**
 * What a sandbox on its own prints when it has started: what it is, who is in it, and the settings that lead the
 * app's programs to it, to be pasted as they stand.
 */
export function blankBanner(sandbox: BlankSandbox): string {
  const { logto, okta, password, accounts } = sandbox
  const width = Math.max(...accounts.map(({ email }) => email.length))
  return [
    '',
    'A Logto and an Okta in miniature, both blank: nothing in them knows of the app yet.',
    `Logto, imitated: ${logto.endpoint}`,
    `Okta, imitated:  ${okta.orgUrl}`,
    `Control room:    ${logto.endpoint}/, where Logto misbehaves on command`,
    '',
    'Okta accounts:',
    ...accounts.map(({ email, shows }) => `  ${email.padEnd(width)}  ${shows.en}`),
    `Password of all: ${password}`,
    '',
    'Settings for .env; they hold until this sandbox stops, and a new one has new secrets:',
    '',
    ...Object.entries(settingsOf(sandbox)).map(([name, value]) => `${name}=${value}`),
    '',
    `Next, in another terminal: ${commandLine('provision')}, then ${startCommand}.`,
    'For development only. Press Ctrl-C to stop both.',
    '',
    '',
  ].join('\n')
}

/** What `npm run provision` needs to know of a sandbox, by the names of its settings. */
export const settingsOf = ({
  logto,
  okta,
  domain,
  group,
  apiResource,
}: BlankSandbox): Record<string, string> => ({
  LOGTO_ENDPOINT: logto.endpoint,
  LOGTO_M2M_APP_ID: logto.appId,
  LOGTO_M2M_APP_SECRET: logto.appSecret,
  OKTA_ORG_URL: okta.orgUrl,
  OKTA_API_TOKEN: okta.apiToken,
  OKTA_GROUP: group,
  SSO_CONNECTOR_NAME: 'Okta Acme',
  SSO_EMAIL_DOMAINS: domain,
  API_RESOURCE: apiResource,
})
