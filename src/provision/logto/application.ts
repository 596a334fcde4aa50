import { addressesAt } from '../../sso/addresses.ts'
import type { Desired } from '../desired.ts'
import { additions, type Change, replacement, type Step, union } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import type { Wired } from '../wired.ts'
import type { Application, ApplicationSecret } from './api/answers.ts'
import type { ClientMetadata, LogtoManagement } from './api/management.ts'

/** As much of what is desired as is about the application. */
export type DesiredApplication = Pick<
  Desired,
  'baseUrl' | 'appName' | 'application' | 'offlineAccess' | 'takeOver'
>

/**
 * The app as Logto's application: created, or, where it is there already, given what it lacks.
 *
 * @throws ProvisionError when it cannot be told which application is meant
 */
export async function planApplication(
  logto: LogtoManagement,
  desired: DesiredApplication,
  wired: Wired,
): Promise<Step> {
  const wanted = metadataFor(desired)
  const found = await findApplication(logto, desired)
  if (!found) {
    return {
      resource: phrase`Logto: application “${desired.appName}”`,
      action: 'create',
      changes: [
        replacement(phrase`type`, undefined, 'Traditional web'),
        additions(phrase`redirect URIs`, [], wanted.redirectUris),
        additions(phrase`post sign-out redirect URIs`, [], wanted.postLogoutRedirectUris),
        replacement(phrase`back-channel logout URI`, undefined, wanted.backchannelLogoutUri),
        refreshTokens(desired, {}).changes,
      ].flat(),
      notes: [],
      async apply() {
        const { id } = await logto.createApplication(desired.appName, {
          oidcClientMetadata: wanted,
          ...refreshTokens(desired, {}).settings,
        })
        await useSecret(logto, id, await logto.secrets(id), desired, wired)
      },
    }
  }
  wired.applicationId = found.id
  const secrets = await logto.secrets(found.id)
  const secret = usableSecret(secrets, desired.application.secret)
  if (secret) wired.appSecret = secret.value
  const { metadata, changes: ofAddresses, notes } = merge(found.oidcClientMetadata, wanted, desired.takeOver)
  const ofTokens = refreshTokens(desired, found.customClientMetadata)
  const changes = [...ofAddresses, ...ofTokens.changes]
  return {
    resource: phrase`Logto: application “${found.name}” (${found.id})`,
    action: changes.length > 0 || !secret ? 'change' : 'leave',
    changes: secret ? changes : [...changes, { field: phrase`app secrets`, add: [freeName(secrets)] }],
    notes,
    async apply() {
      if (changes.length > 0)
        await logto.changeApplication(found.id, { oidcClientMetadata: metadata, ...ofTokens.settings })
      await useSecret(logto, found.id, secrets, desired, wired)
    },
  }
}

/** By its ID in the settings; else the one that has our callback, which can be no other app's. */
async function findApplication(
  logto: LogtoManagement,
  { application, baseUrl }: DesiredApplication,
): Promise<Application | undefined> {
  const configured = application.id ? await logto.application(application.id) : undefined
  if (configured) {
    if (configured.type === 'Traditional' && !configured.isThirdParty) return configured
    throw new ProvisionError(
      configured.isThirdParty
        ? phrase`The application that LOGTO_APP_ID names, “${configured.name}”, is a third-party application; a server-rendered app needs “Traditional web”.`
        : phrase`The application that LOGTO_APP_ID names, “${configured.name}”, is of the type ${configured.type}; a server-rendered app needs “Traditional web”.`,
      phrase`Remove LOGTO_APP_ID and LOGTO_APP_SECRET: provision then makes one that fits.`,
    )
  }
  const { callback } = addressesAt(baseUrl)
  const candidates = (await logto.applications()).filter(
    ({ isThirdParty, oidcClientMetadata }) =>
      !isThirdParty && oidcClientMetadata.redirectUris.includes(callback),
  )
  if (candidates.length <= 1) return candidates[0]
  const names = candidates.map(({ id, name }) => `“${name}” (${id})`).join(', ')
  throw new ProvisionError(
    phrase`Logto has several applications with the redirect URI ${callback}: ${names}.`,
    phrase`Set LOGTO_APP_ID to the one you mean.`,
  )
}

type Wanted = ReturnType<typeof metadataFor>

function metadataFor({ baseUrl }: DesiredApplication) {
  const { callback, home: postLogout, backchannelLogout } = addressesAt(baseUrl)
  return {
    redirectUris: [callback],
    postLogoutRedirectUris: [postLogout],
    backchannelLogoutUri: backchannelLogout,
    // Without it ID tokens carry no `sid` (OpenID Connect Back-Channel Logout 1.0 §2.2).
    backchannelLogoutSessionRequired: true,
  } satisfies ClientMetadata
}

/**
 * Without `offline_access` Logto gives refresh tokens only where this is switched on. With it the switch changes
 * nothing, and stays as it is.
 */
function refreshTokens({ offlineAccess }: DesiredApplication, current: Application['customClientMetadata']) {
  if (offlineAccess || current.alwaysIssueRefreshToken) return { changes: [] }
  const before = current.alwaysIssueRefreshToken === undefined ? undefined : 'false'
  return {
    changes: replacement(phrase`always issue refresh token`, before, 'true'),
    settings: { customClientMetadata: { ...current, alwaysIssueRefreshToken: true } },
  }
}

/**
 * What is there, with what is wanted: lists grow; the one back-channel address is replaced only when told to, and what
 * is sent there is left to whoever it belongs to.
 */
function merge(current: ClientMetadata, wanted: Wanted, takeOver: boolean) {
  const others =
    current.backchannelLogoutUri && current.backchannelLogoutUri !== wanted.backchannelLogoutUri
      ? current.backchannelLogoutUri
      : undefined
  const keep = others !== undefined && !takeOver
  const metadata: ClientMetadata = {
    ...current,
    redirectUris: union(current.redirectUris, wanted.redirectUris),
    postLogoutRedirectUris: union(current.postLogoutRedirectUris, wanted.postLogoutRedirectUris),
    ...(!keep && {
      backchannelLogoutUri: wanted.backchannelLogoutUri,
      backchannelLogoutSessionRequired: true,
    }),
  }
  const changes: Change[] = [
    additions(phrase`redirect URIs`, current.redirectUris, wanted.redirectUris),
    additions(
      phrase`post sign-out redirect URIs`,
      current.postLogoutRedirectUris,
      wanted.postLogoutRedirectUris,
    ),
    ...(keep
      ? []
      : [
          replacement(
            phrase`back-channel logout URI`,
            current.backchannelLogoutUri,
            wanted.backchannelLogoutUri,
          ),
          replacement(
            phrase`back-channel logout, session required`,
            String(current.backchannelLogoutSessionRequired ?? false),
            'true',
          ),
        ]),
  ].flat()
  const notes = keep
    ? [
        phrase`the back-channel logout URI is another's, ${others}, and stays: sign-outs will not reach this app. Replace it with --take-over.`,
      ]
    : []
  return { metadata, changes, notes }
}

/** The one the settings have, if it is good still; else the first that is. */
function usableSecret(secrets: ApplicationSecret[], preferred: string | undefined) {
  const good = secrets.filter(({ expiresAt }) => !expiresAt || expiresAt > Date.now())
  return good.find(({ value }) => value === preferred) ?? good[0]
}

async function useSecret(
  logto: LogtoManagement,
  id: string,
  secrets: ApplicationSecret[],
  { application }: DesiredApplication,
  wired: Wired,
): Promise<void> {
  const secret =
    usableSecret(secrets, application.secret) ?? (await logto.createSecret(id, freeName(secrets)))
  wired.applicationId = id
  wired.appSecret = secret.value
}

/** A name for one more secret: those that have run out keep theirs. */
function freeName(secrets: ApplicationSecret[]): string {
  const taken = secrets.map(({ name }) => name)
  let name = 'Provision'
  for (let number = 2; taken.includes(name); number += 1) name = `Provision ${number}`
  return name
}
