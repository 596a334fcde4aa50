import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import type { PortalStack } from '../support/portal-stack.ts'
import type { UserAgent } from '../support/user-agent.ts'

const onPage =
  (pattern: RegExp) =>
  ({ page }: UserAgent) =>
    pattern.exec(page?.body ?? '')?.[1]

/** The step that a page is about. */
export const stageOn = onPage(/data-stage="(\w+)"/)
/** What became of the last test sign-in. */
export const outcomeOn = onPage(/data-outcome="(\w+)"/)
/** The first field that is marked as wrong. */
export const wrongField = onPage(/name="(\w+)"[^>]*aria-invalid="true"/)
/** The version of the invitation that the page's forms are of. */
export const versionOn = (browser: UserAgent) => onPage(/name="version" value="(\d+)"/)(browser) ?? ''

/** A company's connector at Logto, by its name. */
export const connectorOf = ({ sandbox }: PortalStack, name: string) =>
  sandbox.tenant.ssoConnectors.find(({ connectorName }) => connectorName === name)

/** Lets a file's tests have something listen on this machine until each ends; gives where, and the servers. */
export function listeners() {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })
  const listening = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer)
    servers.push(server)
    await once(server.listen(0, 'localhost'), 'listening')
    return `http://localhost:${(server.address() as AddressInfo).port}`
  }
  return { listening, servers }
}
