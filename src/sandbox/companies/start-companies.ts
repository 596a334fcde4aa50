import type { Express } from 'express'
import type { Values } from '../../provision/providers/provider.ts'
import { addressesOfConnector } from '../../provision/providers/provider.ts'
import type { Account } from '../company.ts'
import type { CallLog } from '../shared/call-log.ts'
import { type Listening, listenOnLoopback } from '../shared/listen.ts'
import type { LoginHints } from '../shared/login-hints.ts'
import { secret } from '../shared/random.ts'
import { accountOf, COMPANIES } from './companies.ts'
import { createPerson, type Person } from './directory.ts'
import { entra } from './openid/entra.ts'
import { plain } from './openid/plain.ts'
import { type CompanyParts, createOpenIdApp } from './openid/server.ts'
import { type Credential, selfSigned } from './saml/certificate.ts'
import { createSamlApp, type ServiceProvider, samlAddresses } from './saml/server.ts'

/** A company whose provider is running. */
export interface Company extends Omit<(typeof COMPANIES)[number], 'employee'> {
  /** Its provider's own pages. */
  url: string
  account: Account
  /** Its people, live. */
  people: Person[]
  /** What its administrator reads off the provider's console. */
  values: Values
  /** Whom the app has to trust: with SAML, an entity ID. */
  issuer: string
  /** With SAML: what it signs with. */
  credential?: () => Promise<Credential>
  /** Enters at the provider where Logto's connector is, as an administrator does. */
  register(endpoint: string, connectorId: string): void
}

interface Parts {
  password: string
  callLog: CallLog
  loginHints: LoginHints
}

type Registered = Pick<Company, 'issuer' | 'values' | 'register' | 'credential'> & {
  createApp(): Promise<Express>
}

/** Starts the providers of all companies but the first, each on any free port, and each at work once somebody asks it. */
export const startCompanies = (parts: Parts): Promise<Array<Company & Pick<Listening, 'close'>>> =>
  Promise.all(COMPANIES.map((profile) => startCompany(profile, parts)))

async function startCompany(
  { employee, ...profile }: (typeof COMPANIES)[number],
  { password, callLog, loginHints }: Parts,
): Promise<Company & Pick<Listening, 'close'>> {
  const { look, name, domain } = profile
  const listening = await listenOnLoopback(0)
  const url = `http://localhost:${listening.port}`
  callLog.name(url, name)
  const account = accountOf({ ...profile, employee })
  const people = [await createPerson({ email: `employee@${domain}`, ...employee }, password)]
  const pages = { directory: { accounts: [account], password }, loginHints }
  const server: CompanyParts = { look, name, url, people, callLog, pages }
  const { createApp, ...registered } = look === 'saml' ? saml(server) : openId(server)
  let app: Promise<Express> | undefined
  listening.handle(async (req, res) => {
    app ??= createApp()
    ;(await app)(req, res)
  })
  return { ...profile, url, account, people, ...registered, close: () => listening.close() }
}

function openId(server: CompanyParts): Registered {
  const flavour = server.look === 'entra' ? entra(server.url) : plain(server.url)
  const client = { clientId: secret(20), clientSecret: secret(40), redirectUris: [] as string[] }
  const { clientId, clientSecret } = client
  return {
    issuer: flavour.address,
    values: { issuer: flavour.address, clientId, clientSecret },
    createApp: () => createOpenIdApp(server, flavour, client),
    register(endpoint, connectorId) {
      client.redirectUris.push(addressesOfConnector(endpoint, connectorId).redirectUri)
    },
  }
}

function saml(server: CompanyParts): Registered {
  const known: ServiceProvider[] = []
  const { entityId, metadataUrl } = samlAddresses(server.url)
  let made: Promise<Credential> | undefined
  const credential = () => {
    made ??= selfSigned(server.name)
    return made
  }
  return {
    credential,
    issuer: entityId,
    values: { metadataUrl },
    createApp: async () => createSamlApp(server, await credential(), known),
    register(endpoint, connectorId) {
      known.push(addressesOfConnector(endpoint, connectorId))
    },
  }
}
