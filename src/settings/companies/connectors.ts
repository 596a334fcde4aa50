import { z } from 'zod'
import { Phrase } from '../../words/phrase.ts'
import { commandLine } from '../command-line.ts'
import { phrase, says } from '../fault.ts'
import { dayFrom, looksLikeDay } from '../values/day.ts'
import { domainFrom } from '../values/email-domain.ts'
import { publicDomains } from '../values/public-domains.ts'
import { plainAddress } from '../values/web-address.ts'
import { type EnterpriseConnector, issuerFrom, plainConnector, slugOf } from './connector.ts'
import { ConnectorIndex } from './connector-index.ts'
import { googleIssuer, isSaml, providers } from './providers.ts'

/**
 * Characters the setting may have, and connectors. Linux starts no process with a variable of more than 128 KiB (execve(2),
 * MAX_ARG_STRLEN), and 500 connectors are about 100. More companies live in Redis or in a file.
 */
const most = { characters: 120 * 1024, connectors: 500, domains: 500 }

const example = '[{"id":"…","name":"Acme","issuer":"https://acme.okta.com","domains":["acme.com"]}]'
const fix = phrase`run ${commandLine('provision')}, or write one line of JSON such as ${example}`
const fewer = phrase`name at most ${most.connectors} connectors; the others live in Redis or in COMPANIES_FILE, where ${commandLine('provision')} writes them`

const tooMany = phrase`has more than ${most.connectors} connectors`
/** It stands in a fault of the whole setting, behind the number of the connector. */
const publicDomain = phrase`one of its domains is where anybody may have an address, such as gmail.com`

/** A company as JSON has it. */
type Given = Omit<EnterpriseConnector, 'slug' | 'issuer'> & { issuer?: string }

const isString = (value: unknown): value is string => typeof value === 'string'
const isLike = (shape: RegExp) => (value: unknown) => isString(value) && shape.test(value)
const isLogtoId = isLike(/^[\w-]{1,128}$/)
const optional = (isGood: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || isGood(value)

/** What each part of a company has to be. By hand: of a thousand, a schema takes a starting process five times as long. */
const parts: { readonly [Part in keyof Required<Given>]: (value: unknown) => boolean } = {
  id: isLogtoId,
  name: isLike(/^\s*\S(.{0,126}\S)?\s*$/su),
  issuer: optional(isString),
  domains: (value) => Array.isArray(value) && value.length <= most.domains && value.every(isString),
  clientId: optional(isLike(/^[\x21-\x7e]{1,256}$/)),
  otherDomains: optional((value) => typeof value === 'boolean'),
  provider: optional((value) => providers.some((name) => name === value)),
  organizationId: optional(isLogtoId),
  secretEndsOn: optional((value) => isString(value) && looksLikeDay(value)),
}

/** @returns undefined for what no provider of that kind calls itself */
function issuerOf({ provider, issuer: said = '' }: Given): string | undefined {
  if (provider === 'GoogleWorkspace')
    return said === '' || issuerFrom(said) === googleIssuer ? googleIssuer : undefined
  if (isSaml(provider)) return /^[\x21-\x7e]{1,1024}$/.test(said) ? issuerFrom(said) : undefined
  return plainAddress(said)
}

/**
 * Reads one company.
 *
 * @param value an object, as JSON has it
 * @returns the company, or what is wrong with the value: a part of a sentence that goes on from “it has something wrong: ”
 */
export function readConnector(value: unknown): EnterpriseConnector | Phrase {
  const fault = faultIn(value)
  if (fault) return fault
  const given = value as Given
  const issuer = issuerOf(given)
  if (issuer === undefined) return phrase`its ${'issuer'}`
  const domains = Object.freeze([...new Set(given.domains.map(domainFrom))])
  if (domains.includes('')) return phrase`its ${'domains'}`
  if (domains.some((domain) => publicDomains.has(domain))) return publicDomain
  const { secretEndsOn, ...others } = given
  // A day that no calendar has has never kept an app from starting; it reminds nobody of anything.
  const day = secretEndsOn && dayFrom(secretEndsOn)
  const rest = { ...others, ...(day && { secretEndsOn: day }) }
  return Object.freeze({ ...rest, name: given.name.trim(), issuer, domains, slug: slugOf(given) })
}

/** Names the key and never its value: what is wrong may be a secret that was pasted into the wrong place. */
function faultIn(value: unknown): Phrase | undefined {
  if (typeof value !== 'object' || value === null) return phrase`it is no object`
  const given: Readonly<Record<string, unknown>> = { ...value }
  for (const [part, isGood] of Object.entries(parts)) if (!isGood(given[part])) return phrase`its ${part}`
  if (Object.keys(given).some((part) => !Object.hasOwn(parts, part)))
    return phrase`it has keys other than ${Object.keys(parts).join(', ')}`
  return undefined
}

/** The connectors, from one line of JSON. No two may be told apart by less than the sign-in needs: one name, one Okta. */
export const connectors = z
  .string()
  .max(most.characters, says(phrase`is too long`, fewer))
  .transform((text, context): readonly EnterpriseConnector[] => {
    const list = jsonOf(text)
    const isTooLong = Array.isArray(list) && list.length > most.connectors
    const result = isTooLong ? tooMany : readConnectors(list)
    if (!(result instanceof Phrase)) return result
    context.addIssue({ code: 'custom', message: says(result, isTooLong ? fewer : fix).error })
    return z.NEVER
  })

/** @returns the connectors, or what is wrong with them */
function readConnectors(list: unknown): readonly EnterpriseConnector[] | Phrase {
  if (!Array.isArray(list)) return phrase`is not a list in JSON`
  const read = new ConnectorIndex()
  for (const [index, value] of list.entries()) {
    const connector = readConnector(value)
    if (connector instanceof Phrase)
      return phrase`has something wrong in connector ${index + 1}: ${connector}`
    const clash = read.add(connector)
    if (clash) return phrase`has two connectors with ${clash}`
  }
  return Object.freeze(read.all())
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The connectors as one line of JSON, in which no quote but the double one stands: `.env` can hold it in single ones. */
export function writeConnectors(list: readonly Omit<EnterpriseConnector, 'slug'>[]): string {
  return JSON.stringify(list.map(plainConnector)).replaceAll("'", '\\u0027')
}

/** Whether the setting can hold these connectors. */
export const fitsSetting = (list: readonly Omit<EnterpriseConnector, 'slug'>[]): boolean =>
  list.length <= most.connectors && writeConnectors(list).length <= most.characters
