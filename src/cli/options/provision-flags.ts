import { parseArgs } from 'node:util'
import { commandLine } from '../../settings/command-line.ts'
import { phrase } from '../phrase.ts'
import { languageOption } from './language.ts'
import { readArgs } from './option-faults.ts'

/** Flags that stand for a setting. Secrets have none: the list of processes shows flags to everybody. */
const SETTING_FLAGS = {
  'base-url': 'BASE_URL',
  'logto-endpoint': 'LOGTO_ENDPOINT',
  'management-api': 'LOGTO_MANAGEMENT_API',
  'app-name': 'APP_NAME',
  'api-resource': 'API_RESOURCE',
  'api-permission': 'API_PERMISSIONS',
  'connector-name': 'SSO_CONNECTOR_NAME',
  domain: 'SSO_EMAIL_DOMAINS',
  scope: 'SSO_EXTRA_SCOPES',
  provider: 'SSO_PROVIDER',
  issuer: 'SSO_ISSUER',
  'client-id': 'SSO_CLIENT_ID',
  'trust-unverified-email': 'SSO_TRUST_UNVERIFIED_EMAIL',
  'metadata-url': 'SSO_METADATA_URL',
  'metadata-file': 'SSO_METADATA_FILE',
  'entity-id': 'SSO_ENTITY_ID',
  'sign-in-endpoint': 'SSO_SIGN_IN_ENDPOINT',
  'certificate-file': 'SSO_CERTIFICATE_FILE',
  'okta-org-url': 'OKTA_ORG_URL',
  'okta-issuer': 'OKTA_ISSUER',
  'okta-client-id': 'OKTA_CLIENT_ID',
  'okta-group': 'OKTA_GROUP',
} as const

const flagLines = Object.entries(SETTING_FLAGS)
  .map(([flag, setting]) => `  ${`--${flag} <value>`.padEnd(34)}  ${setting}`)
  .join('\n')

export const usage = phrase`Usage: ${commandLine('provision', '[options]')}

Sets up a Logto tenant and an Okta org for the app. For any other provider, it
says what to enter in that provider's console. It shows a plan, asks, and does
it. You can run it again: then there is nothing to do. It leaves what others
have set up as it is.

  --yes, -y                   do not ask
  --dry-run                   only show the plan; exits with 2 when there is
                              something to do
  --take-over                 replace single values that somebody else has set
                              (back-channel logout URI, initiate login URI)
  --by-hand                   show again what to enter in the provider's
                              console; the secret of Okta's event hook is
                              shown at a terminal only
  --env-file <path>           where settings are read from and written to
                              (default: .env)
  --language en|ja            the language of the output (default: the
                              locale's)
  --help, -h                  show this

Each of these stands for a setting, which the environment or the file of
settings may hold as well:

${flagLines}

--domain, --scope and --api-permission may be given several times. Secrets have
no flags; write them into the file: LOGTO_M2M_APP_SECRET, OKTA_API_TOKEN,
OKTA_CLIENT_SECRET, SSO_CLIENT_SECRET.
Exit status: 0 done, or nothing to do; 1 an error, or declined; 2 something to
do, with --dry-run.
`

export interface Flags {
  yes: boolean
  dryRun: boolean
  help: boolean
  envFile: string
  takeOver: boolean
  byHand: boolean
  /** What the flags say of settings, by the settings' names. */
  settings: Record<string, string>
}

/**
 * Reads the command line.
 *
 * @throws UsageError for an unknown or incomplete option
 */
export function readFlags(args: readonly string[]): Flags {
  const text = { type: 'string', multiple: true } as const
  const flag = { type: 'boolean' } as const
  const options = {
    ...languageOption,
    yes: { ...flag, short: 'y' },
    help: { ...flag, short: 'h' },
    'dry-run': flag,
    'take-over': flag,
    'by-hand': flag,
    'env-file': { type: 'string', default: '.env' },
    ...(Object.fromEntries(Object.keys(SETTING_FLAGS).map((name) => [name, text])) as Record<
      keyof typeof SETTING_FLAGS,
      typeof text
    >),
  } as const
  const values = readArgs(() => parseArgs({ args: [...args], options }).values)
  const given = Object.entries(SETTING_FLAGS).flatMap(([name, setting]) => {
    const entries = values[name as keyof typeof SETTING_FLAGS]
    if (!entries) return []
    const joins = ['SSO_EMAIL_DOMAINS', 'SSO_EXTRA_SCOPES', 'API_PERMISSIONS'].includes(setting)
    return [[setting, joins ? entries.join(',') : entries.at(-1)]]
  })
  return {
    yes: values.yes ?? false,
    dryRun: values['dry-run'] ?? false,
    help: values.help ?? false,
    takeOver: values['take-over'] ?? false,
    byHand: values['by-hand'] ?? false,
    envFile: values['env-file'],
    settings: Object.fromEntries(given),
  }
}
