import supertest from 'supertest'
import { expect } from 'vitest'
import type { FakeLogto } from '../../../src/testing/fake-logto.ts'
import { signIn, type TestApp } from '../../support/app.ts'

/** Sends a form to the back-channel endpoint, as Logto does. */
export function post({ app }: Pick<TestApp, 'app'>, form: Record<string, string> | string) {
  return supertest(app).post('/backchannel-logout').type('form').send(form)
}

/** Logs somebody out as Logto does: the person of the fake's tokens, unless told otherwise. */
export async function logOut(test: TestApp, tokens: Parameters<FakeLogto['logoutToken']>[0] = {}) {
  return post(test, { logout_token: await test.logto.logoutToken(tokens) })
}

/** A browser of that app in which somebody is signed in. */
export async function signedIn(test: TestApp, claims: Record<string, unknown> = {}) {
  const browser = test.browser()
  await signIn(browser, test, '/sign-in', { claims })
  await expect(browser).toBeSignedIn()
  return browser
}

/** The audit lines of one kind. */
export const audits = ({ logs }: Pick<TestApp, 'logs'>, kind: 'ended' | 'refused') =>
  logs.filter(({ audit }) => audit === kind)
