import type { Provider as ProviderName } from '../../settings/companies/providers.ts'
import type { InEachLanguage, Text } from '../../words/phrase.ts'

export type { Provider as ProviderName } from '../../settings/companies/providers.ts'

/** What a company's administrator may have to enter. */
export type FieldName =
  | 'issuer'
  | 'clientId'
  | 'clientSecret'
  | 'scope'
  | 'trustUnverifiedEmail'
  | 'metadataUrl'
  | 'metadata'
  | 'entityId'
  | 'signInEndpoint'
  | 'x509Certificate'
  | 'idAttribute'
  | 'emailAttribute'
  | 'nameAttribute'

/** What is wrong with a value, and how to fix it; both follow the name of the field. */
export interface Fault {
  problem: InEachLanguage
  fix: InEachLanguage
}

export interface FieldFault extends Fault {
  field: FieldName
}

/** One value that somebody enters. */
export interface Field {
  name: FieldName
  label: InEachLanguage
  /** Where the value stands in the provider's console, by the console's own words. */
  hint: InEachLanguage
  input: 'text' | 'address' | 'secret' | 'lines' | 'switch'
  /** Whether there is no connector without it. */
  required: boolean
  /** What it is where nothing is entered. */
  preset?: string
  /** Checks a value as it was typed, without white space around it. @returns it as it is kept, or what is wrong */
  read(text: string): string | Fault
}

/** Values by field, as they are kept; those that were not entered are not in it. */
export type Values = Readonly<Partial<Record<FieldName, string>>>

/** What Logto keeps of a connector's provider, as its Management API takes and gives it. */
export interface ConnectorConfig {
  [name: string]: unknown
  issuer?: string
  clientId?: string
  clientSecret?: string
  scope?: string
  trustUnverifiedEmail?: boolean
  metadataUrl?: string
  metadata?: string
  entityId?: string
  signInEndpoint?: string
  x509Certificate?: string
  attributeMapping?: Readonly<Record<string, string>>
}

/** The addresses of one connector that its provider has to know. */
export interface ConnectorAddresses {
  /** Where an OpenID provider sends people back to. */
  redirectUri: string
  /** The connector's name as a SAML service provider. */
  entityId: string
  /** Where a SAML identity provider sends its assertions (Assertion Consumer Service). */
  assertionConsumerServiceUrl: string
}

/** What to enter, or to choose, in one field of a console. */
export interface Entry {
  field: InEachLanguage
  value: Text
}

/** One step in a provider's console. */
export interface ConsoleStep {
  say: InEachLanguage
  enter: readonly Entry[]
}

/** One kind of identity provider: what it needs to know, and what has to be known of it. */
export interface Provider {
  name: ProviderName
  protocol: 'oidc' | 'saml'
  /** As people know it. */
  label: InEachLanguage
  fields: readonly Field[]
  /** Whether a document that calls its issuer so is this issuer's. Without it: only to the letter (OpenID Connect Discovery 1.0 §4.3). */
  isNameOf?(name: string, issuer: string): boolean
  /** What is wrong with values that are good each for itself. */
  faultsTogether(values: Values): readonly FieldFault[]
  /**
   * The connector's config at Logto.
   *
   * @param current as it is there already: what nobody has entered here stays
   */
  connectorConfig(values: Values, current?: ConnectorConfig): ConnectorConfig
  /**
   * What to do in the provider's console, in order.
   *
   * @param at the connector's addresses
   * @param appName how the app is called there
   */
  steps(at: ConnectorAddresses, appName: string): readonly ConsoleStep[]
  /**
   * What to do there so that the app hears at once of people who leave. Without it: nothing can be done there.
   *
   * @param logoutUrl where the app is called (OAuth Global Token Revocation)
   */
  leaving?(logoutUrl: string, appName: string): ConsoleStep
}

/** The addresses as Logto makes them, of a connector that does not say them itself yet. */
export function addressesOfConnector(endpoint: string, connectorId: string): ConnectorAddresses {
  return {
    redirectUri: `${endpoint}/callback/${connectorId}`,
    entityId: `${endpoint}/enterprise-sso/${connectorId}`,
    assertionConsumerServiceUrl: `${endpoint}/api/authn/single-sign-on/saml/${connectorId}`,
  }
}
