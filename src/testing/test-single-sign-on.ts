import { randomUUID } from 'node:crypto'
import { sign } from 'cookie-signature'
import { LiveCompanies } from '../companies/index.ts'
import { type AppConfig, loadConfig } from '../settings/config.ts'
import type { Environment } from '../settings/parse.ts'
import { companyIdentities } from '../sso/company/identities.ts'
import { composeSingleSignOn } from '../sso/compose.ts'
import type { Logger } from '../sso/http/logger.ts'
import type { SingleSignOn } from '../sso/interface.ts'
import { createLogtoClient } from '../sso/logto/logto-client.ts'
import { checkOptions, type Options } from '../sso/options.ts'
import { memoryBackend } from '../sso/session/backend/memory-backend.ts'
import { sessionCookie } from '../sso/session/session-cookie.ts'
import { toText } from '../sso/session/session-data.ts'
import { sessionFromTokens } from '../sso/tokens/session-from-tokens.ts'
import { appId, appSecret, endpoint, FakeLogto } from './fake-logto.ts'
import { claimsOf, type Person, whoeverTalksTo } from './sign-in-as.ts'

/** A single sign-on for tests: nothing of it leaves the process. */
export interface TestSingleSignOn extends SingleSignOn {
  /** The Logto it talks to, which a test can have answer otherwise. */
  readonly logto: FakeLogto
  readonly config: AppConfig
  /**
   * The `Cookie` header of somebody who is signed in, without a request: for fast tests.
   *
   * @param person who; Erin of the sandbox's company unless told otherwise
   */
  readonly cookieFor: (person?: Person) => Promise<string>
}

const silent: Logger = { info() {}, warn() {}, error() {}, child: () => silent }

/**
 * Makes what `singleSignOn` makes, with a fake Logto behind it and sessions in memory.
 *
 * @param settings in place of those of a test: `BASE_URL` is `http://app.test` unless told otherwise
 * @param options as `singleSignOn` takes them; without a logger nothing is written
 * @throws what `loadConfig` and `singleSignOn` do for what is wrong
 */
export function testSingleSignOn(
  settings: Environment = {},
  options: Partial<Options> = {},
): TestSingleSignOn {
  checkOptions({ logger: silent, ...options })
  const logto = new FakeLogto()
  const config = {
    ...loadConfig({
      BASE_URL: 'http://app.test',
      SESSION_SECRET: 'a-secret-of-tests-0123456789-abcdef',
      ...settings,
    }),
    logto: { endpoint, appId, appSecret },
  }
  const backend = memoryBackend(config.sessions)
  const sso = composeSingleSignOn(config, { logger: silent, fetch: logto.fetch, backend, ...options })
  const { baseUrl, connectors } = config
  whoeverTalksTo({ logto, baseUrl, connectors })
  const companies = new LiveCompanies(connectors)
  const identities = companyIdentities({ companies }, createLogtoClient(config, logto.fetch))
  const {
    sessionSecrets: [secret],
    sessions: { absolute },
  } = config

  async function cookieFor(person: Person = {}): Promise<string> {
    const startedAt = Date.now()
    const claims = claimsOf(person, connectors)
    const idToken = await logto.idToken({ claims })
    const companyNames = await identities.learn({ idToken })
    const session = sessionFromTokens({ idToken }, { startedAt, absolute, companyNames })
    const id = randomUUID()
    const names = [`sub:${session.claims.sub}`] as const
    await backend.create({ id, text: toText(session), names, endsAt: session.endsAt, since: startedAt })
    return `${sessionCookie(config).name}=${encodeURIComponent(`s:${sign(id, secret)}`)}`
  }

  return { ...sso, logto, config, cookieFor }
}
