import { expect } from 'vitest'
import type { FakeLogto } from '../../../src/testing/fake-logto.ts'
import { callbackPath, stateOf, type TestApp } from '../../support/app.ts'

export const acme = {
  id: 'connector-acme',
  name: 'Acme',
  issuer: 'https://acme.okta.test',
  domains: ['acme.example'],
  clientId: 'client-of-acme',
}
export const beta = {
  id: 'connector-beta',
  name: 'Beta',
  issuer: 'https://beta.okta.test',
  domains: ['beta.example'],
  clientId: 'client-of-beta',
}

/** The settings of an app with these companies. */
export const withCompanies = (companies: object[] = [acme, beta]) => ({
  SSO_CONNECTORS: JSON.stringify(companies),
})

/** An identity as Logto tells of it. */
export const identityAt = ({ issuer }: { issuer: string }, identityId: string, email?: unknown) => ({
  issuer,
  identityId,
  detail: { id: identityId, name: 'Somebody', ...(email !== undefined && { email }) },
})

/** What an ID token says of somebody at Acme, or at another company. */
export const personAt = (
  company: { issuer: string; domains: string[] },
  id: string,
  email = `${id}@${company.domains[0]}`,
) => ({ sub: `user-${id}`, email, sso_identities: [identityAt(company, id, email)] })

/** The last step of a sign-in, by an ID token with these claims. */
export async function comeBack(
  browser: ReturnType<TestApp['browser']>,
  logto: FakeLogto,
  claims: Record<string, unknown>,
  path = '/sign-in',
) {
  const state = await stateOf(browser, path)
  return browser.get(callbackPath({ code: logto.code({ claims }), state })).set('accept', 'text/html')
}

/** A browser in which somebody is signed in. */
export async function signedInAs(test: TestApp, claims: Record<string, unknown>, path?: string) {
  const browser = test.browser()
  await comeBack(browser, test.logto, claims, path)
  await expect(browser).toBeSignedIn()
  return browser
}
