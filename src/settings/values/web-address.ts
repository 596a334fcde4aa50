import { z } from 'zod'
import { phrase, says } from '../fault.ts'
import { isBadPort } from './bad-ports.ts'

const writtenPlainly = phrase`write it as https://host or https://host/path, with nothing after`

/** An http or https address as browsers write it, without a slash at its end. */
export const webAddress = z
  .string()
  .refine(
    (value) => parseWebAddress(value) !== undefined,
    says(phrase`is not a plain http or https address`, writtenPlainly),
  )
  .refine(
    (value) => !hasBadPort(value),
    says(
      phrase`has a port that browsers and fetch refuse to go to`,
      phrase`let it listen on another port, and write that`,
    ),
  )
  .transform((value) => plainAddress(value) ?? value)

/** @returns an address as `webAddress` has it; undefined for what is none */
export function plainAddress(value: string): string | undefined {
  const url = parseWebAddress(value)
  if (!url || (url.port !== '' && isBadPort(Number(url.port)))) return undefined
  return url.href.replace(/\/+$/, '')
}

/** @returns the URL, if it is http or https, has a plain path, and neither credentials nor query nor fragment */
export function parseWebAddress(value: string): URL | undefined {
  if (!URL.canParse(value) || /[?#]/.test(value)) return undefined
  const url = new URL(value)
  // Express reads `(`, `:` and the like in a path as a pattern, and no address of ours needs them.
  const plain = !url.username && !url.password && /^\/([\w.~-]+(\/|$))*$/.test(url.pathname)
  return plain && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined
}

function hasBadPort(value: string): boolean {
  const port = parseWebAddress(value)?.port
  return port ? isBadPort(Number(port)) : false
}
