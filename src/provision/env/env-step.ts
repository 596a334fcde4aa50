import { randomBytes } from 'node:crypto'
import type { Environment } from '../../settings/parse.ts'
import { webAddress } from '../../settings/values/web-address.ts'
import type { Desired } from '../desired.ts'
import { type Change, SECRET, type Step } from '../plan.ts'
import { phrase } from '../problem.ts'
import { known, type Wired } from '../wired.ts'
import { planConnectors, SETTING } from './connectors-setting.ts'
import { assertWritable, readEnvFile, updateEnvFile } from './env-file.ts'

/** What the app needs of all this, in its file of settings. Values of these are never shown. */
const SECRETS = ['LOGTO_APP_SECRET', 'LOGTO_WEBHOOK_SIGNING_KEY', 'SESSION_SECRET', 'COMPANY_HOOK_KEY']

export interface EnvStep extends Step {
  /** Where the file as it was before is kept; undefined until then, and where there was none. */
  backup: () => string | undefined
}

/**
 * The file of settings, with what `npm start` needs to sign in through the tenant.
 *
 * @param path of the file
 * @param environment what is set outside of the file, and wins over it
 */
export async function planEnvFile(
  path: string,
  environment: Environment,
  desired: Desired,
  wired: Wired,
): Promise<EnvStep> {
  const { text, values } = await readEnvFile(path)
  const defaultUrl = `http://localhost:${values.PORT?.trim() || 3000}`
  const baseUrl = values.BASE_URL?.trim() || defaultUrl
  const { endpoint } = desired.logto
  const connectors = planConnectors(values[SETTING], desired, wired)
  // Known now, or once the steps before this one are done.
  const wanted = (): Record<string, string | undefined> => ({
    ...(!isSpelling(baseUrl, desired.baseUrl) && { BASE_URL: desired.baseUrl }),
    LOGTO_ENDPOINT: isSpelling(values.LOGTO_ENDPOINT, endpoint) ? values.LOGTO_ENDPOINT : endpoint,
    LOGTO_APP_ID: wired.applicationId,
    LOGTO_APP_SECRET: wired.appSecret,
    ...(desired.webhooks && { LOGTO_WEBHOOK_SIGNING_KEY: wired.webhookSigningKey }),
    ...(desired.apiResource && { API_RESOURCE: desired.apiResource }),
    ...(desired.apiPermissions.length > 0 &&
      (values.API_PERMISSIONS ?? '').split(/[\s,]+/).join(' ') !== desired.apiPermissions.join(' ') && {
        API_PERMISSIONS: desired.apiPermissions.join(' '),
      }),
    ...(connectors.wanted() !== undefined && { [SETTING]: connectors.wanted() }),
    ...(!values.COMPANY_HOOK_KEY &&
      !environment.COMPANY_HOOK_KEY && { COMPANY_HOOK_KEY: desired.companyHookKey }),
    ...(!values.SESSION_SECRET &&
      !environment.SESSION_SECRET && { SESSION_SECRET: randomBytes(32).toString('hex') }),
  })
  const changes: Change[] = Object.entries(wanted())
    .filter(([name, value]) => name !== SETTING && (value === undefined || values[name] !== value))
    .map(([field, value]) => ({
      field: phrase`${field}`,
      from: values[field] && (SECRETS.includes(field) ? SECRET : values[field]),
      to: SECRETS.includes(field) ? SECRET : (value ?? phrase`that of the new application`),
    }))
  changes.push(...connectors.changes)
  if (changes.length > 0) await assertWritable(path, [...Object.keys(wanted()), SETTING])
  let backup: string | undefined
  return {
    resource: phrase`${path}`,
    action: changes.length === 0 ? 'leave' : text ? 'change' : 'create',
    changes,
    notes: [
      ...connectors.notes,
      ...Object.entries(wanted())
        .filter(([name, value]) => environment[name] && environment[name] !== value)
        .map(
          ([name]) =>
            phrase`${name} is also set in the environment of this shell, to something else, and wins there.`,
        ),
    ],
    backup: () => backup,
    async apply() {
      known(wired, 'appSecret')
      const defined = Object.entries(wanted()).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      )
      backup = await updateEnvFile(path, Object.fromEntries(defined))
    },
  }
}

/** Whether a setting says this address, in whatever spelling. */
const isSpelling = (text: string | undefined, address: string): boolean =>
  webAddress.safeParse(text?.trim()).data === address
