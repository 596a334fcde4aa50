import type { Express } from 'express'
import supertest from 'supertest'
import type { Companies } from '../../src/companies/index.ts'
import { type AppConfig, loadConfig } from '../../src/settings/config.ts'
import type { SharedCounts } from '../../src/sso/redis/redis-counts.ts'
import { memoryBackend } from '../../src/sso/session/backend/memory-backend.ts'
import type { SessionBackend } from '../../src/sso/session/backend/session-backend.ts'
import { appId, appSecret, endpoint, FakeLogto, issuer } from '../../src/testing/fake-logto.ts'
import { talksTo } from '../../src/testing/sign-in-as.ts'
import { demoApp } from './demo-app.ts'
import { keptLog } from './kept-log.ts'

export const baseUrl = 'http://app.test'

/** Settings of a test app; an entry overrides, undefined takes away. */
export function testConfig(settings: Record<string, string | undefined> = {}): AppConfig {
  const config = loadConfig({
    BASE_URL: baseUrl,
    LOGTO_ENDPOINT: endpoint,
    LOGTO_APP_ID: appId,
    LOGTO_APP_SECRET: appSecret,
    SESSION_SECRET: 'a-secret-for-tests-0123456789-abcdef',
    LOGTO_TIMEOUT_SECONDS: '0.3',
    ...settings,
  })
  if (!config.logto) throw new Error('a test app needs a Logto')
  return { ...config, logto: config.logto }
}

export interface TestApp {
  app: Express
  logto: FakeLogto
  backend: SessionBackend
  /** What was logged, a parsed line each. */
  logs: Record<string, unknown>[]
  /** A browser: keeps cookies. */
  browser: () => ReturnType<typeof supertest.agent>
}

/** The real app with a fake Logto at the network's edge. */
export function testApp({
  settings = {},
  logto = new FakeLogto(),
  backend = memoryBackend(testConfig(settings).sessions),
  ready,
  shared,
  companies,
}: {
  settings?: Record<string, string | undefined>
  logto?: FakeLogto
  backend?: SessionBackend
  ready?: () => boolean | Promise<boolean>
  shared?: SharedCounts
  /** Those that come, change and go. */
  companies?: Companies
} = {}): TestApp {
  // The demo's own.
  logto.scope = 'read:notes write:notes'
  const { logger, logs } = keptLog()
  const config = { ...testConfig(settings), ...(companies && { companies }) }
  const parts = { logger, backend, fetch: logto.fetch, shared, ...(ready && { ready }) }
  const app = talksTo(demoApp(config, parts), {
    logto,
    baseUrl: config.baseUrl,
  })
  // As if the app was where BASE_URL says.
  const browser = () => supertest.agent(app).set('host', new URL(config.baseUrl).host)
  return { app, logto, backend, logs, browser }
}

export type Browser = ReturnType<TestApp['browser']>

/** A page asked for by a browser that has been nowhere yet, with these headers. */
export const visit = (
  { browser }: Pick<TestApp, 'browser'>,
  path: string,
  headers: Record<string, string> = {},
) => browser().get(path).set(headers)

/** Starts a sign-in and gives the authorization request's parameters. */
export async function startSignIn(browser: Browser, path = '/sign-in'): Promise<URLSearchParams> {
  const response = await browser.get(path)
  if (response.status !== 303) throw new Error(`${path} answered ${response.status}: ${response.text}`)
  return new URL(response.headers.location ?? '').searchParams
}

/** The callback's address as a well-behaved Logto builds it, except for what is given. */
export function callbackPath(parameters: Record<string, string | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ iss: issuer, ...parameters })) {
    if (value !== undefined) query.set(name, value)
  }
  return `/callback?${query}`
}

/** The `state` of a sign-in that a browser begins. */
export const stateOf = async (browser: Browser, path?: string): Promise<string> =>
  (await startSignIn(browser, path)).get('state') ?? ''

/**
 * Signs a browser in from start to end.
 *
 * @param tokens what Logto gives; for the person of the fake unless told otherwise
 */
export async function signIn(
  browser: Browser,
  { logto }: Pick<TestApp, 'logto'>,
  path?: string,
  tokens?: Parameters<FakeLogto['code']>[0],
) {
  const state = await stateOf(browser, path)
  return browser.get(callbackPath({ code: logto.code(tokens), state }))
}

/** An app, and a browser in which somebody is signed in to it. */
export async function signedInApp(given?: Parameters<typeof testApp>[0]) {
  const test = testApp(given)
  const browser = test.browser()
  await signIn(browser, test)
  return { test, browser }
}
