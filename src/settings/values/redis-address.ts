import { z } from 'zod'
import type { Text } from '../../words/phrase.ts'
import { phrase, type SettingFault, says } from '../fault.ts'

const asAWhole = phrase`write it as redis://host:6379/0, or as rediss://user:password@host:6379/0, which speaks TLS`
const encoded = phrase`write user and password percent-encoded: node -p "encodeURIComponent('<password>')"`

/** Where Redis is. */
export interface RedisAddress {
  /** One address as its client reads it; or some of those of a cluster. A password is in it. */
  readonly urls: readonly string[]
  /** Addresses of Sentinels, which know where the primary is that the host of the one URL names. */
  readonly sentinels?: readonly string[] | undefined
}

/** The addresses of Redis as its client reads them, and where that reads something else than is written, a fault. */
export const redisAddresses = addresses(togetherFault)

/** The addresses of Sentinels. */
export const sentinelAddresses = addresses((urls) =>
  urls.some((url) => !/^\/?$/.test(new URL(url).pathname))
    ? {
        problem: phrase`names a database, and Sentinels have none`,
        fix: phrase`leave it out here, and write it in REDIS_URL`,
      }
    : undefined,
).transform((urls) => urls.map((url) => withPort(new URL(url), '26379')))

/** Where Redis is, by the settings; undefined where sessions live in memory. */
export function redisIn(given: {
  SESSION_STORE?: string | undefined
  REDIS_URL?: readonly string[] | undefined
  REDIS_SENTINELS?: readonly string[] | undefined
}): RedisAddress | undefined {
  const { REDIS_URL: urls, REDIS_SENTINELS: sentinels } = given
  return given.SESSION_STORE === 'memory' || !urls ? undefined : Object.freeze({ urls, sentinels })
}

/** Where Redis is, without what opens it. */
export const redisPlaceName = ({ urls }: RedisAddress): string =>
  urls.map((url) => new URL(url).host + new URL(url).pathname).join(',')

/** What is wrong with REDIS_URL where Sentinels are asked for the primary. @param value as written, and no fault by itself */
export function primaryFault(value: string): Fault | undefined {
  const [url = '', ...others] = split(value)
  const fix = phrase`write the name of the primary in place of a host, as the Sentinels know it: redis://user:password@mymaster/0`
  if (others.length > 0)
    return { problem: phrase`names several addresses, while REDIS_SENTINELS is set`, fix }
  if (URL.canParse(url) && new URL(url).port)
    return { problem: phrase`has a port, while REDIS_SENTINELS say where the primary is`, fix }
  return undefined
}

/** A comma may also be in a password: it parts addresses where another one begins. */
const split = (value: string): string[] => value.split(/\s*,\s*(?=rediss?:\/\/)/i)

/** @param together finds what is wrong with addresses that are right one by one */
function addresses(together: (urls: string[]) => Fault | undefined) {
  return z.string().transform((value, context) => {
    const urls = split(value)
    const fault = faultOfOne(urls) ?? together(urls)
    if (!fault) return Object.freeze(urls)
    context.addIssue({ code: 'custom', message: says(fault.problem, fault.fix).error })
    return z.NEVER
  })
}

function faultOfOne(urls: string[]): Fault | undefined {
  const [first] = urls.flatMap((url, at) => {
    const fault = faultOf(url)
    return fault ? [{ ...fault, at }] : []
  })
  if (!first || urls.length === 1) return first
  return { ...first, problem: phrase`${first.problem} (address ${first.at + 1})` }
}

/** What is wrong with the addresses of a cluster. */
function togetherFault(urls: string[]): Fault | undefined {
  if (urls.length === 1) return undefined
  const parsed = urls.map((url) => new URL(url))
  const differs = (part: (url: URL) => string) => new Set(parsed.map(part)).size > 1
  const each = (problem: Text, fix: Text) => ({ problem, fix })
  if (parsed.some(({ pathname }) => !/^\/?0*$/.test(pathname)))
    return each(
      phrase`names a database, and a cluster has none but 0`,
      phrase`leave it out; two installations of one BASE_URL need a cluster each`,
    )
  if (differs(({ protocol }) => protocol))
    return each(
      phrase`mixes redis:// and rediss://`,
      phrase`write rediss:// for all of them, or redis:// where the cluster speaks no TLS`,
    )
  if (differs(({ username, password }) => `${username}:${password}`))
    return each(
      phrase`names several users or passwords`,
      phrase`write the same user and password in each address: all nodes are asked by them, also those that are not named here`,
    )
  if (new Set(parsed.map(({ hostname, port }) => `${hostname}:${port || 6379}`)).size < urls.length)
    return each(
      phrase`names one address twice`,
      phrase`write each once; two or three of a cluster are enough`,
    )
  return undefined
}

function withPort(url: URL, port: string): string {
  if (!url.port) url.port = port
  return url.href
}

type Fault = Omit<SettingFault, 'setting'>

function faultOf(value: string): Fault | undefined {
  // A URL drops line breaks and tabs without a word (URL Standard §4.4).
  if (/[\s\p{Cc}]/u.test(value))
    return { problem: phrase`holds a blank`, fix: phrase`${asAWhole}; a blank is %20` }
  const [, beyondScheme] = /^rediss?:\/\/(.*)$/i.exec(value) ?? []
  if (beyondScheme === undefined)
    return { problem: phrase`does not begin with redis:// or rediss://`, fix: asAWhole }
  const at = beyondScheme.lastIndexOf('@')
  return (
    (at === -1 ? undefined : credentialsFault(beyondScheme.slice(0, at))) ??
    placeFault(beyondScheme.slice(at + 1)) ??
    (URL.canParse(value) ? undefined : { problem: phrase`is not an address of Redis`, fix: asAWhole })
  )
}

function credentialsFault(credentials: string): Fault | undefined {
  if (/[/?#]/.test(credentials) || !isPercentEncoded(credentials))
    return { problem: phrase`holds a user or a password that is not percent-encoded`, fix: encoded }
  // The client signs in by password only: it would be the default user, whoever is named.
  if (!/:./.test(credentials))
    return {
      problem: phrase`names a user without a password`,
      fix: phrase`write user:password@ before the host, or :password@ where there is no user; or leave it out`,
    }
  return undefined
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** @param place host, port and database */
function placeFault(place: string): Fault | undefined {
  if (place.includes(','))
    return {
      problem: phrase`names several hosts in one address`,
      fix: phrase`write each address of a cluster as a whole: redis://host1:6379,redis://host2:6379`,
    }
  if (/[?#]/.test(place))
    return {
      problem: phrase`has a part after ? or #, which is not read`,
      fix: phrase`leave that out; a database is written as a path, such as /1, and TLS as rediss://`,
    }
  const [, host = '', port, path = '/'] = /^(\[[^\]]*\]|[^:/]*)(?::([^/]*))?(\/.*)?$/.exec(place) ?? []
  if (!/^(\[[\da-f:.]+\]|[\w.-]+)$/i.test(host))
    return { problem: phrase`names no host`, fix: phrase`${asAWhole}; a host has ASCII letters only` }
  if (port && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535))
    return {
      problem: phrase`has no port after its host`,
      fix: phrase`write a port from 1 to 65535, such as :6379`,
    }
  if (!/^\/\d{0,9}$/.test(path))
    return {
      problem: phrase`has no database after its host`,
      fix: phrase`write a number, such as /0; or leave it out`,
    }
  return undefined
}
