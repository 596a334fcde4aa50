import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import { createPerson, nameOf } from '../../src/sandbox/companies/directory.ts'
import { createOpenIdApp } from '../../src/sandbox/companies/openid/server.ts'
import { createCallLog } from '../../src/sandbox/shared/call-log.ts'
import { listenOnLoopback } from '../../src/sandbox/shared/listen.ts'
import { createLoginHints } from '../../src/sandbox/shared/login-hints.ts'
import { googleIssuer } from '../../src/settings/companies/providers.ts'

/**
 * A provider that this process takes for Google: its document is the one at Google's own address, for whoever asks by
 * `fetch`. Its people have the claim `hd`, the domain of their Workspace.
 */
export async function startGoogle({ domain, password }: { domain: string; password: string }) {
  const listening = await listenOnLoopback(0)
  const url = `http://localhost:${listening.port}`
  const client = {
    clientId: `${randomUUID()}.apps.googleusercontent.com`,
    clientSecret: randomUUID(),
    redirectUris: [] as string[],
  }
  const email = `gina@${domain}`
  const people = [await createPerson({ email, givenName: 'Gina', familyName: 'Gray' }, password)]
  const document = {
    ...{ issuer: googleIssuer, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` },
    ...{ jwks_uri: `${url}/jwks`, userinfo_endpoint: `${url}/me`, response_types_supported: ['code'] },
    ...{ scopes_supported: ['openid', 'email', 'profile'], subject_types_supported: ['public'] },
    claims_supported: ['sub', 'email', 'email_verified', 'name', 'hd'],
  }
  const flavour = {
    ...{ issuer: googleIssuer, address: url, documents: { '': document }, namesIssuer: false },
    routes: { authorization: '/auth', token: '/token', jwks: '/jwks', userinfo: '/me' },
    claimsByScope: { openid: ['sub', 'hd'], profile: ['name'], email: ['email', 'email_verified'] },
    claimsOf: (person: (typeof people)[0]) => ({
      ...{ sub: person.id, name: nameOf(person), email: person.email, email_verified: true },
      hd: person.email.split('@')[1],
    }),
  }
  const pages = { directory: { accounts: [], password }, loginHints: createLoginHints() }
  const parts = { look: 'openid' as const, name: 'Google', url, people, callLog: createCallLog({}), pages }
  const app = await createOpenIdApp(parts, flavour, client)
  listening.handle((req, res) => {
    // The library knows no chooser of accounts; Google has one.
    req.url = req.url?.replace('prompt=select_account', '')
    app(req, res)
  })
  const { fetch: real } = globalThis
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => {
    const asked = input instanceof Request ? input.url : String(input)
    return real(asked.startsWith(`${googleIssuer}/`) ? asked.replace(googleIssuer, url) : input, init)
  })
  return {
    ...{ email, people, client },
    async close() {
      vi.stubGlobal('fetch', real)
      await listening.close()
    },
  }
}
