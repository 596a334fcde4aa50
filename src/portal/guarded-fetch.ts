import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { Agent } from 'undici'
import { isPublicAddress } from '../http-client/public-address.ts'
import { throughProxy } from '../http-client/through-proxy.ts'
import { wholeAnswer } from '../http-client/whole-answer.ts'
import type { ProxyFor } from '../settings/proxy.ts'
import { isLoopback } from '../settings/values/own-address.ts'

/** Milliseconds a call may take, its body included. */
const limit = 5000

/** Raised for an address that the portal does not call, whoever typed it. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError'
  readonly code = 'FORBIDDEN_ADDRESS'
}

/** What may be called, and how. */
export interface Guard {
  production: boolean
  proxyFor: ProxyFor | undefined
  send?: typeof fetch
  /** What names stand for: all addresses of one. */
  lookUp?: LookUp
}

type LookUp = (name: string) => Promise<ReadonlyArray<{ address: string; family: number }>>

const addressesOf: LookUp = (name) => lookup(name, { all: true })

/**
 * `fetch` for addresses that strangers have typed, or that their servers have named: it follows no redirect, reads no more
 * than a megabyte, and waits no longer than five seconds.
 *
 * @param options.production whether it calls public addresses by https alone. What a host name stands for is looked at
 *   where the connection is made, so that no name can be one address when it is checked and another when it is called
 *   (DNS rebinding). Outside of production it calls https anywhere, and http on this machine.
 * @param options.proxyFor through a proxy, the proxy looks names up: what it may reach is for the proxy to say
 */
export function guardedFetch({
  production,
  proxyFor,
  send = fetch,
  lookUp = addressesOf,
}: Guard): typeof fetch {
  const agent = production ? new Agent({ connect: { lookup: publicOnly(lookUp) } }) : undefined
  const direct: typeof fetch = (input, init) => {
    // The platform's `fetch` takes an agent of undici's as well, which its type does not say.
    const options: object = { ...init, ...(agent && { dispatcher: agent }) }
    return send(input, options)
  }
  const proxied = throughProxy(send, proxyFor)
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const why = refusal(url, production)
    if (why) throw new ForbiddenAddressError(why)
    const signal = AbortSignal.timeout(limit)
    const call = proxyFor?.(url.href) === undefined ? direct : proxied
    return wholeAnswer(await call(input, { ...init, redirect: 'manual', signal }))
  }
}

/** Whether an address may be called, as far as can be said without calling it. A name that is not known may not. */
export async function mayCall(
  address: string,
  { production, proxyFor, lookUp = addressesOf }: Guard,
): Promise<boolean> {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  if (refusal(url, production)) return false
  if (!production || proxyFor?.(url.href) !== undefined || isIP(bare(url))) return true
  const found = await lookUp(bare(url)).catch(() => [])
  return found.length > 0 && found.every(({ address: each }) => isPublicAddress(each))
}

/** A host without the brackets of IPv6. */
const bare = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '')

function refusal(url: URL, production: boolean): string | undefined {
  const { protocol, hostname } = url
  const host = bare(url)
  if (protocol !== 'https:' && (production || protocol !== 'http:' || !isLoopback(hostname))) {
    return 'it is no https address'
  }
  if (!production) return undefined
  if (/(^|\.)localhost\.?$/i.test(host)) return 'it is this machine itself'
  // An address is connected to without being looked up.
  return isIP(host) && !isPublicAddress(host) ? 'it is no public address' : undefined
}

/** As `dns.lookup`, but for names that stand for an address that is not public, even among others. */
function publicOnly(lookUp: LookUp): LookupFunction {
  return (name, options, done) => {
    lookUp(name).then(
      (found) => {
        const [first] = found
        if (!first || found.some(({ address }) => !isPublicAddress(address)))
          return done(new ForbiddenAddressError('it is no public address'), '')
        if (options.all) done(null, [...found])
        else done(null, first.address, first.family)
      },
      (error) => done(error, ''),
    )
  }
}
