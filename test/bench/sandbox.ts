import { startSandbox } from '../../src/sandbox/index.ts'
import { signInThroughOkta, UserAgent } from '../support/stack.ts'
import type { Running } from './bench.ts'
import type { LogtoSetup } from './contenders/contender.ts'
import { signInPaths } from './contenders/names.ts'

/** The sandbox, with one application for all contenders. */
export interface SharedSandbox {
  logto: LogtoSetup
  /** Lets one more contender sign people in. */
  register: (baseUrl: string) => void
  /** Signs somebody in, by way of Okta, as a person would. @returns the Cookie header to send from then on */
  signIn: (contender: Running) => Promise<string>
  close: () => Promise<void>
}

export async function startSandboxForAll(): Promise<SharedSandbox> {
  const sandbox = await startSandbox({ appUrl: 'http://127.0.0.1:9', logtoPort: 0, oktaPort: 0 })
  const application = sandbox.tenant.applications.find(({ id }) => id === sandbox.logto.appId)
  const redirectUris = application?.oidcClientMetadata.redirectUris
  if (!redirectUris) throw new Error('the sandbox has no application')
  return {
    logto: sandbox.logto,
    register(baseUrl) {
      redirectUris.push(`${baseUrl}/callback`, `${baseUrl}/logto/sign-in-callback`)
    },
    async signIn({ name, baseUrl }) {
      const agent = new UserAgent()
      if (name === 'bare') return 'session=anything-will-do'
      const path = signInPaths[name]
      if (name === 'express-session') await agent.open(baseUrl + path)
      else await signInThroughOkta(agent, { url: baseUrl, password: sandbox.password }, { path })
      return agent.cookieHeader(baseUrl)
    },
    close: sandbox.close,
  }
}
