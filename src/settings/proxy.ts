import { BlockList, isIP } from 'node:net'
import type { SettingFault } from './fault.ts'
import { phrase } from './fault.ts'
import { type Environment, givenSettings } from './parse.ts'

/** Says which proxy an address is called through: undefined for none. */
export type ProxyFor = (url: string) => string | undefined

const names = ['HTTPS_PROXY', 'HTTP_PROXY'] as const

/** Either spelling, the one in small letters first. */
function given(env: Environment, name: string): string | undefined {
  const small = name.toLowerCase()
  const either = givenSettings(env, [small, name])
  return either[small] ?? either[name]
}

/**
 * The proxies for calls, as curl and others read them: `HTTPS_PROXY`, `HTTP_PROXY`, and `NO_PROXY` for the hosts that are
 * called straight.
 *
 * @param env such as `process.env`
 * @returns undefined where no proxy is set
 */
export function readProxy(env: Environment): ProxyFor | undefined {
  const [https, http] = names.map((name) => addressOf(given(env, name)))
  if (!https && !http) return undefined
  const straight = (given(env, 'NO_PROXY') ?? '').split(/[\s,]+/).filter(Boolean)
  return (url) => {
    const { protocol, hostname, port } = new URL(url)
    const host = {
      name: hostname.replace(/^\[|\]$/g, ''),
      port: port || (protocol === 'https:' ? '443' : '80'),
    }
    if (straight.some((entry) => covers(entry, host))) return undefined
    return protocol === 'https:' ? https : http
  }
}

/** What is wrong with them. Their values are not repeated, for they may hold a password. */
export function proxyFaults(env: Environment): SettingFault[] {
  return names
    .filter((name) => given(env, name) && !addressOf(given(env, name)))
    .map((setting) => ({
      setting,
      problem: phrase`is not the address of an HTTP proxy`,
      fix: phrase`write it as http://host:port or http://user:password@host:port, with what is special in a password percent-encoded`,
    }))
}

function addressOf(text = ''): string | undefined {
  const address = text.includes('://') ? text : `http://${text}`
  if (!text || !URL.canParse(address)) return undefined
  const { protocol, hostname, username, password, href } = new URL(address)
  const readable = [username, password].every((part) => !/%(?![\da-f]{2})/i.test(part))
  return /^https?:$/.test(protocol) && hostname && readable ? href : undefined
}

/** A host with all below it, an address, a network of addresses; each may name one port. */
function covers(entry: string, { name, port }: { name: string; port: string }): boolean {
  if (entry === '*') return true
  const [, host = entry, only = port] = isIP(entry) ? [] : (/^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? [])
  if (only !== port) return false
  if (host.includes('/')) return isWithin(host, name)
  const domain = host.toLowerCase().replace(/^\*?\./, '')
  return name === domain || name.endsWith(`.${domain}`)
}

function isWithin(network: string, address: string): boolean {
  const [start = '', bits] = network.split('/')
  const family = (text: string) => (isIP(text) === 6 ? 'ipv6' : 'ipv4')
  if (!isIP(start) || !isIP(address) || !/^\d{1,3}$/.test(bits ?? '')) return false
  if (Number(bits) > (isIP(start) === 6 ? 128 : 32)) return false
  const list = new BlockList()
  list.addSubnet(start, Number(bits), family(start))
  return list.check(address, family(address))
}
