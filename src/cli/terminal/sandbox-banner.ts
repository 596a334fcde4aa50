import type { BlankSandbox } from '../../sandbox/blank.ts'
import { commandLine, startCommand } from '../../settings/command-line.ts'
import { joined, type Phrase } from '../../words/phrase.ts'
import { phrase } from '../phrase.ts'

/**
 * What a sandbox on its own prints when it has started: what it is, who is in it, and the settings that lead the
 * app's programs to it, to be pasted as they stand.
 */
export function blankBanner(sandbox: BlankSandbox): Phrase {
  const { logto, okta, password, accounts } = sandbox
  const width = Math.max(...accounts.map(({ email }) => email.length))
  return joined([
    '',
    phrase`A Logto and an Okta in miniature, both blank: nothing in them knows of the app yet.`,
    phrase`Logto, imitated: ${logto.endpoint}`,
    phrase`Okta, imitated:  ${okta.orgUrl}`,
    phrase`Control room:    ${logto.endpoint}/, where Logto misbehaves on command`,
    '',
    phrase`Okta accounts:`,
    ...accounts.map(({ email, shows }) => joined([`  ${email.padEnd(width)}  `, shows], '')),
    phrase`Password of all: ${password}`,
    '',
    phrase`Settings for .env. They work until this sandbox stops; the next one has new secrets:`,
    '',
    ...Object.entries(settingsOf(sandbox)).map(([name, value]) => `${name}=${value}`),
    '',
    phrase`Next, in another terminal: ${commandLine('provision')}, then ${startCommand}.`,
    phrase`For development only. Press Ctrl-C to stop both.`,
    '',
  ])
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
