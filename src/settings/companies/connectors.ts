import { z } from 'zod'
import { Phrase } from '../../words/phrase.ts'
import { commandLine } from '../command-line.ts'
import { phrase, says } from '../fault.ts'
import { domainFrom } from '../values/email-domain.ts'
import { webAddress } from '../values/kinds.ts'
import { publicDomains } from '../values/public-domains.ts'
import { type EnterpriseConnector, issuerFrom, plainConnector, slugOf } from './connector.ts'
import { ConnectorIndex } from './connector-index.ts'
import { googleIssuer, isSaml, type Provider, providers } from './providers.ts'

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
const companyDomain = z
  .string()
  .min(1)
  .refine((domain) => !publicDomains.has(domain))

const logtoId = z.string().regex(/^[\w-]{1,128}$/)

const shape = z.strictObject({
  id: logtoId,
  name: z.string().trim().min(1).max(128),
  issuer: z.string().exactOptional(),
  domains: z.array(z.string().transform(domainFrom).pipe(companyDomain)).max(most.domains),
  clientId: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/)
    .exactOptional(),
  otherDomains: z.boolean().exactOptional(),
  provider: z.enum(providers).exactOptional(),
  organizationId: logtoId.exactOptional(),
})

const entry = shape.transform(({ issuer: said, ...given }, context): EnterpriseConnector => {
  const issuer =
    said === undefined && given.provider === 'GoogleWorkspace' ? googleIssuer : issuerOf(given, said)
  if (issuer === undefined) context.addIssue({ code: 'custom', path: ['issuer'], message: 'no issuer' })
  const domains = Object.freeze([...new Set(given.domains)])
  return Object.freeze({ ...given, issuer: issuer ?? '', domains, slug: slugOf(given) })
})

/** @returns undefined for what no provider of that kind calls itself */
function issuerOf({ provider }: { provider?: Provider }, said = ''): string | undefined {
  if (provider === 'GoogleWorkspace') return issuerFrom(said) === googleIssuer ? googleIssuer : undefined
  if (isSaml(provider)) return /^[\x21-\x7e]{1,1024}$/.test(said) ? issuerFrom(said) : undefined
  return webAddress.safeParse(said).data
}

/**
 * Reads one company.
 *
 * @param value an object, as JSON has it
 * @returns the company, or what is wrong with the value: a part of a sentence that goes on from “it has something wrong: ”
 */
export function readConnector(value: unknown): EnterpriseConnector | Phrase {
  const { data, error } = entry.safeParse(value)
  return data ?? faultOf(error?.issues[0])
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

/** Names the key and never its value: what is wrong may be a secret that was pasted into the wrong place. */
function faultOf(issue: z.core.$ZodIssue | undefined): Phrase {
  if (issue?.code === 'unrecognized_keys')
    return phrase`it has keys other than ${Object.keys(shape.shape).join(', ')}`
  if (issue?.code === 'custom' && issue.path[0] === 'domains') return publicDomain
  return issue?.path[0] === undefined ? phrase`it is no object` : phrase`its ${String(issue.path[0])}`
}

/** The connectors as one line of JSON, in which no quote but the double one stands: `.env` can hold it in single ones. */
export function writeConnectors(list: readonly Omit<EnterpriseConnector, 'slug'>[]): string {
  return JSON.stringify(list.map(plainConnector)).replaceAll("'", '\\u0027')
}

/** Whether the setting can hold these connectors. */
export const fitsSetting = (list: readonly Omit<EnterpriseConnector, 'slug'>[]): boolean =>
  list.length <= most.connectors && writeConnectors(list).length <= most.characters
