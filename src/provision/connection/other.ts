import { googleIssuer } from '../../settings/companies/providers.ts'
import { comma, type InEachLanguage, joined, type Text, textIn } from '../../words/phrase.ts'
import type { Desired, OtherProvider } from '../desired.ts'
import type { Connector } from '../logto/api/answers.ts'
import type { LogtoManagement } from '../logto/api/management.ts'
import { isComplete, issuerOf } from '../logto/trusted.ts'
import { type Change, SECRET, type Step } from '../plan.ts'
import { ProvisionError, phrase } from '../problem.ts'
import { providers } from '../providers/index.ts'
import type { ConnectorConfig, Provider, Values } from '../providers/provider.ts'
import { known, type Wired } from '../wired.ts'
import { discoverIssuer, takesSecret } from './issuer.ts'
import type { Means } from './okta.ts'

/**
 * Plans what the connector knows of a provider other than Okta. The provider's own half is nobody's but its
 * administrators'.
 */
export async function planOther(
  desired: Desired & { provider: OtherProvider },
  logto: LogtoManagement,
  found: Connector | undefined,
  wired: Wired,
  means: Means,
): Promise<Step[]> {
  const { name, values } = desired.provider
  if (!values) return []
  const { protocol, label, connectorConfig } = providers[name]
  if (protocol === 'oidc') await assertClient(providers[name], values, means)
  const current = found?.config ?? {}
  const wanted = connectorConfig(values, current)
  const changes = Object.keys(wanted).flatMap((field) => changeOf(field, current, wanted))
  // Of SAML metadata only Logto says whose it is, once it has read it.
  wired.isIncomplete = wired.issuer === undefined || (protocol === 'saml' && changes.length > 0)
  return [
    {
      resource: phrase`Logto: connection of “${desired.connector.name}” to ${label}`,
      action: changes.length === 0 ? 'leave' : found && isComplete(found) ? 'change' : 'create',
      changes,
      notes: changes.length === 0 && !wired.issuer ? [unreadable] : [],
      async apply() {
        const connector = await logto.changeConnector(known(wired, 'connectorId'), { config: wanted })
        const issuer = issuerOf(connector)
        const { serviceProvider } = connector.providerConfig ?? {}
        if (serviceProvider) wired.serviceProvider = serviceProvider
        if (issuer) wired.issuer = issuer
        wired.isIncomplete = !issuer
      },
    },
  ]
}

const unreadable = phrase`Logto cannot read the metadata of the provider now: nobody can sign in through it, and the app is not told of it.`

/** Logto reads the same, but does not say what is wrong, takes whatever name the document gives, and tries no secret. */
async function assertClient(provider: Provider, values: Values, { call, report }: Means): Promise<void> {
  const { issuer = googleIssuer, clientId = '', clientSecret = '' } = values
  report(phrase`reading the issuer ${issuer}`)
  const { isNameOf } = provider
  const found = await discoverIssuer(issuer, call, { fix: issuerFix, ...(isNameOf && { isNameOf }) })
  if (await takesSecret(found, { clientId, clientSecret }, call)) return
  throw new ProvisionError(
    phrase`${issuer} refuses the client ${clientId} with the secret that is given.`,
    phrase`Copy the client ID and the client secret anew into SSO_CLIENT_ID and SSO_CLIENT_SECRET; a secret may have expired.`,
  )
}

const issuerFix = (meant?: string) =>
  meant
    ? phrase`Set SSO_ISSUER to ${meant}, if that is the provider you mean.`
    : phrase`Set SSO_ISSUER to the issuer: what stands before /.well-known/openid-configuration in the address of its discovery document.`

/** In words for the plan: what nobody is to see, or could read, is not in it. */
const UNSHOWN: Readonly<Record<string, InEachLanguage>> = {
  clientSecret: SECRET,
  metadata: phrase`(XML)`,
  x509Certificate: phrase`(certificate)`,
}

function changeOf(field: string, current: ConnectorConfig, wanted: ConnectorConfig): Change[] {
  const [from, to] = [asText(current[field]), asText(wanted[field])]
  if (textIn(from, 'en') === textIn(to, 'en')) return []
  const name = NAMES[field] ?? phrase`${field}`
  const unshown = UNSHOWN[field]
  if (unshown) return [{ field: name, to: unshown }]
  return [{ field: name, from: from || undefined, to }]
}

function asText(value: unknown): Text {
  if (typeof value !== 'object' || value === null) return value === undefined ? '' : String(value)
  return joined(
    Object.entries(value).map(([name, attribute]) => phrase`${name} from ${String(attribute)}`),
    comma,
  )
}

/** As the console calls them. */
const NAMES: Readonly<Record<string, InEachLanguage>> = {
  issuer: phrase`issuer`,
  scope: phrase`scope`,
  metadata: phrase`metadata`,
  clientId: phrase`client ID`,
  clientSecret: phrase`client secret`,
  trustUnverifiedEmail: phrase`trust unverified email`,
  metadataUrl: phrase`metadata URL`,
  entityId: phrase`entity ID`,
  signInEndpoint: phrase`sign-in address`,
  x509Certificate: phrase`certificate`,
  attributeMapping: phrase`attributes`,
}
