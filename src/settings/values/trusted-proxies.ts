import { isIP } from 'node:net'
import { z } from 'zod'
import { phrase, says } from '../fault.ts'
import { splitList } from './kinds.ts'

/** Express's own meaning, except `true`, which would believe any visitor's `X-Forwarded-` headers. */
export const trustedProxies = z
  .string()
  .refine(
    (value) => /^\d+$/.test(value) || splitList(value).every(isProxyAddress),
    says(
      phrase`is neither a number nor a list of addresses`,
      phrase`write how many proxies stand before the app, such as 1, or their addresses, such as 10.0.0.0/8,loopback`,
    ),
  )
  .transform((value) => (/^\d+$/.test(value) ? Number(value) : Object.freeze(splitList(value))))

function isProxyAddress(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true
  const [address = '', bits, ...rest] = entry.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return (
    bits === undefined ||
    (/^\d+$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  )
}
