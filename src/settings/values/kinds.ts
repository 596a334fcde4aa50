import { isIP } from 'node:net'
import { z } from 'zod'
import type { Text } from '../../words/phrase.ts'
import { makeSecret, phrase, says } from '../fault.ts'
import { isBadPort } from './bad-ports.ts'
import { domainFrom } from './email-domain.ts'
import { misspeltEnvironment } from './environment-name.ts'
import { publicDomains } from './public-domains.ts'

/** A port to listen on. */
export function port(example: number) {
  const wrong = says(phrase`is not a port`, phrase`write a number from 1 to 65535, such as ${example}`)
  return z
    .string()
    .regex(/^\d{1,5}$/, wrong)
    .transform(Number)
    .refine((value) => value >= 1 && value <= 65535, wrong)
    .refine(
      (value) => !isBadPort(value),
      says(phrase`is a port that browsers refuse to go to`, phrase`choose another, such as ${example}`),
    )
}

/** Seconds, from a tenth to a minute. */
export function seconds(example: number) {
  const wrong = says(phrase`is not a time limit`, phrase`write seconds from 0.1 to 60, such as ${example}`)
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, wrong)
    .transform(Number)
    .refine((value) => value >= 0.1 && value <= 60, wrong)
}

/** Whole seconds, up to a year. */
export function duration(example: number, { least = 1, most = 31_536_000 } = {}) {
  return wholeNumber({
    least,
    most,
    problem: phrase`is not a number of seconds`,
    fix: phrase`write whole seconds from ${least} to ${most}, such as ${example}`,
  })
}

/** Requests a minute; 0 for no limit. */
export function rate(example: number) {
  return wholeNumber({
    least: 0,
    most: 1_000_000,
    problem: phrase`is not a number of requests`,
    fix: phrase`write how many requests a minute an address may make, such as ${example}, or 0 for no limit`,
  })
}

function wholeNumber({
  least,
  most,
  problem,
  fix,
}: {
  least: number
  most: number
  problem: Text
  fix: Text
}) {
  const wrong = says(problem, fix)
  return z
    .string()
    .regex(/^\d{1,9}$/, wrong)
    .transform(Number)
    .refine((value) => value >= least && value <= most, wrong)
}

/** An absolute URI without a fragment (RFC 8707 §2), to the letter as Logto has it. */
export const resourceIndicator = z
  .string()
  .refine(
    (value) => URL.canParse(value) && !/[#\s]/.test(value),
    says(
      phrase`is not an API identifier`,
      phrase`copy "API identifier" from the API resource's page in the Logto console, such as https://api.example.com`,
    ),
  )

/** What a name that an address listens by may be. One that ends in a number would be an address (URL Standard §3.5). */
const hostName = /^(?!.*(^|\.)\d+$)[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i

/** An address of this machine, or a name that leads to one; IPv6 with or without its brackets. */
export const listenAddress = z
  .string()
  .transform((value) => value.replace(/^\[(.*)\]$/, '$1'))
  .refine(
    (value) => isIP(value) !== 0 || hostName.test(value),
    says(
      phrase`is not an address to listen on`,
      phrase`write an IP address of this machine, such as 127.0.0.1, without a port; or leave it out to listen on all`,
    ),
  )

/** The name of an environment. */
export const environmentName = z.string().superRefine((value, context) => {
  const meant = misspeltEnvironment(value)
  if (!meant) return
  const { error } = says(
    phrase`is not ${meant}, and like it`,
    phrase`write ${meant}, or leave it out for development`,
  )
  context.addIssue({ code: 'custom', message: error })
})

/** What Logto signs with, or the word that it is to send nothing. */
export const webhookKey = z.string().transform((value) => (value === 'none' ? null : value))

/** One secret, or several that take turns. */
export const secrets = z
  .string()
  .transform(splitList)
  .refine(
    (list) => !list.includes(''),
    says(
      phrase`has an empty entry`,
      phrase`write one secret, or several with one comma between each two; ${makeSecret}`,
    ),
  )

/** The entries of a comma list, without the blanks around them. */
export function splitList(value: string): string[] {
  return value.split(',').map((entry) => entry.trim())
}

/** Email domains, as DNS has them, each once. */
export const emailDomains = z
  .string()
  .transform((value) => [...new Set(splitList(value).map(domainFrom))])
  .refine(
    (list) => !list.includes(''),
    says(
      phrase`is not a list of email domains`,
      phrase`write what stands after the @, with a comma between two, such as acme.com,acme.co.jp`,
    ),
  )
  .refine(
    (list) => !list.some((domain) => publicDomains.has(domain)),
    says(
      phrase`has a domain where anybody may have an address, which Logto refuses`,
      phrase`write the company's own domains only, and not gmail.com, outlook.com or their like`,
    ),
  )

/** Names in a comma list, each once. */
export const names = z
  .string()
  .transform((value) => [...new Set(splitList(value))])
  .refine(
    (list) => list.every((entry) => entry.length >= 1 && entry.length <= 128),
    says(
      phrase`has an empty entry, or one that is too long`,
      phrase`write names with one comma between each two`,
    ),
  )

/** Scope tokens (RFC 6749 §3.3), with blanks or commas between them, each once. */
export const scopes = z
  .string()
  .transform((value) => [...new Set(value.split(/[\s,]+/).filter(Boolean))])
  .refine(
    (list) => list.every((entry) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(entry)),
    says(
      phrase`is not a list of scopes`,
      phrase`write scopes with a blank between two, such as groups address`,
    ),
  )
