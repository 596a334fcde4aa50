import { z } from 'zod'
import { phrase, type SettingFault, says } from '../fault.ts'

const asAWhole = phrase`write it as redis://host:6379/0, or as rediss://user:password@host:6379/0, which speaks TLS`
const encoded = phrase`write user and password percent-encoded: node -p "encodeURIComponent('<password>')"`

/** An address of Redis as its client reads it, and where that reads something else than is written, a fault. */
export const redisAddress = z.string().superRefine((value, context) => {
  const fault = faultOf(value)
  if (fault) context.addIssue({ code: 'custom', message: says(fault.problem, fault.fix).error })
})

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
