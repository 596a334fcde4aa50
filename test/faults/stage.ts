import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { writeConnectors } from '../../src/settings/companies/connectors.ts'
import { keyPrefix } from '../../src/settings/values/app-tag.ts'
import { type AppProcess, startAppProcess } from '../support/app-process.ts'
import { type Balancer, startBalancer } from '../support/balancer.ts'
import { freePorts } from '../support/free-ports.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { signInThroughOkta } from '../support/stack.ts'
import { UserAgent } from '../support/user-agent.ts'

export const sessionSecret = 'a-secret-for-tests-0123456789-abcdef'

/** Everything a fault can happen to: processes of the app behind a balancer, their Redis, a Logto and an Okta. */
export interface Stage {
  /** Where people reach the app. */
  url: string
  sandbox: Sandbox
  redis: RedisServer
  processes: AppProcess[]
  balancer: Balancer
  /** Starts a process in place of one that ended. */
  restart: (index: number, settings?: Record<string, string>) => Promise<void>
  /** A browser that somebody has signed in with. */
  signedIn: (email?: string) => Promise<UserAgent>
  /** Where Redis keeps a session. */
  rowKey: (id: string) => string
  /** The IDs of all sessions there are. */
  sessions: () => Promise<string[]>
  /** What all processes logged, those that ended included. */
  logs: () => Record<string, unknown>[]
  close: () => Promise<void>
}

/**
 * Sets the stage.
 *
 * @param settings of the app, beside those that wire it
 * @param options.count how many processes
 * @param options.durable whether Redis keeps its data when it is killed; then each write waits for the disk
 */
export async function setStage(
  settings: Record<string, string> = {},
  { count = 2, durable = true } = {},
): Promise<Stage> {
  const [balancer, redis] = await Promise.all([startBalancer(), startRedis({ durable })])
  const { url } = balancer
  const sandbox = await startSandbox({ appUrl: url, logtoPort: 0, oktaPort: 0 })
  const ended: AppProcess[] = []
  const rowKey = (id: string) => `${keyPrefix({ baseUrl: url })}session:${id}`
  const processes: AppProcess[] = []
  const ports = await freePorts(count)

  const start = (index: number, more: Record<string, string> = {}) =>
    startAppProcess({
      PORT: String(ports[index]),
      BASE_URL: url,
      REDIS_URL: redis.url,
      SESSION_SECRET: sessionSecret,
      COMPANY_HOOK_KEY: sandbox.companyHookKeys.join(','),
      SSO_CONNECTORS: writeConnectors(sandbox.connectors),
      LOGTO_ENDPOINT: sandbox.logto.endpoint,
      LOGTO_APP_ID: sandbox.logto.appId,
      LOGTO_APP_SECRET: sandbox.logto.appSecret,
      LOGTO_WEBHOOK_SIGNING_KEY: sandbox.webhookKey,
      TRUST_PROXY: 'loopback',
      ...settings,
      ...more,
    })

  processes.push(...(await Promise.all(ports.map((_, index) => start(index)))))
  balancer.targets.push(...ports)

  return {
    url,
    sandbox,
    redis,
    processes,
    balancer,
    async restart(index, more) {
      const old = processes[index]
      if (old) {
        await old.kill()
        ended.push(old)
      }
      processes[index] = await start(index, more)
    },
    async signedIn(email = 'employee@acme.example') {
      const agent = new UserAgent()
      await signInThroughOkta(agent, { url, password: sandbox.password }, { email })
      return agent
    },
    rowKey,
    async sessions() {
      const prefix = rowKey('')
      return (await redis.keys())
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length))
    },
    logs: () => [...ended, ...processes].flatMap(({ logs }) => logs),
    async close() {
      await Promise.all([...processes.map(({ kill }) => kill()), balancer.close(), sandbox.close()])
      await redis.close()
    },
  }
}
