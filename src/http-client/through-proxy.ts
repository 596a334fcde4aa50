import type { ProxyAgent } from 'undici'

/** Raised for a call through a proxy that got no answer, whichever of the two is at fault. */
export class ProxiedCallError extends Error {
  override readonly name = 'ProxiedCallError'
  /** The proxy's address, without its password. */
  readonly proxy: string

  constructor(proxy: string, cause: unknown) {
    const shown = new URL(proxy).origin
    super(`no answer through the proxy ${shown}`, { cause })
    this.proxy = shown
  }
}

/**
 * `fetch` by way of proxies. Node.js 20 has none of its own, so the agent is undici's, which is
 * loaded where there is a proxy only.
 *
 * @param send the real `fetch`, or a test's
 * @param proxyFor which proxy an address is called through; undefined where there is none
 * @throws ProxiedCallError where a call through a proxy fails
 */
export function throughProxy(
  send: typeof fetch,
  proxyFor: ((url: string) => string | undefined) | undefined,
): typeof fetch {
  if (!proxyFor) return send
  const agents = new Map<string, Promise<ProxyAgent>>()
  const agentFor = (proxy: string) => {
    const agent = agents.get(proxy) ?? import('undici').then(({ ProxyAgent }) => new ProxyAgent(proxy))
    agents.set(proxy, agent)
    return agent
  }
  return async (input, init) => {
    const proxy = proxyFor(input instanceof Request ? input.url : String(input))
    if (proxy === undefined) return send(input, init)
    // The platform's `fetch` takes an agent of undici's as well, which its type does not say.
    const options: object = { ...init, dispatcher: await agentFor(proxy) }
    try {
      return await send(input, options)
    } catch (cause) {
      throw new ProxiedCallError(proxy, cause)
    }
  }
}
