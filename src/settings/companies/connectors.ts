import { z } from 'zod'
import { commandLine } from '../command-line.ts'
import { says } from '../fault.ts'
import { domainFrom } from '../values/email-domain.ts'
import { webAddress } from '../values/kinds.ts'
import { publicDomains } from '../values/public-domains.ts'

/** One company's way in: its enterprise connector at Logto, and the Okta behind it. */
export interface EnterpriseConnector {
  /** The connector's ID at Logto. */
  readonly id: string
  /** Its name there, which people may read. */
  readonly name: string
  /** The Okta it trusts, without a slash at its end. */
  readonly issuer: string
  /** The company's email domains, as DNS has them. */
  readonly domains: readonly string[]
  /** The name as a link has it: `/sign-in/<slug>`. */
  readonly slug: string
  /** The app's client ID at that Okta, as its own words name the app. */
  readonly clientId?: string
  /** Whether people with an address of another domain may sign in through it, unless it is another company's domain. */
  readonly otherDomains?: boolean
}

/** Characters the setting may have, and connectors: far more than anybody writes by hand. */
const most = { characters: 128 * 1024, connectors: 500, domains: 500 }

const example = '[{"id":"…","name":"Acme","issuer":"https://acme.okta.com","domains":["acme.com"]}]'
const fix = `run ${commandLine('provision')}, or write one line of JSON such as ${example}`

/** The message stands in a fault of the whole setting, behind the number of the connector. */
const companyDomain = z
  .string()
  .min(1)
  .refine((domain) => !publicDomains.has(domain), {
    error: 'one of its domains is where anybody may have an address, such as gmail.com',
  })

const entry = z.strictObject({
  id: z.string().regex(/^[\w-]{1,128}$/),
  name: z.string().trim().min(1).max(128),
  issuer: webAddress,
  domains: z.array(z.string().transform(domainFrom).pipe(companyDomain)).max(most.domains),
  clientId: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/)
    .exactOptional(),
  otherDomains: z.boolean().exactOptional(),
})

/** The connectors, from one line of JSON. No two may be told apart by less than the sign-in needs: one name, one Okta. */
export const connectors = z
  .string()
  .max(most.characters, says('is too long', `name at most ${most.connectors} connectors`))
  .transform((text, context): readonly EnterpriseConnector[] => {
    const result = readConnectors(text)
    if (typeof result !== 'string') return result
    context.addIssue({ code: 'custom', message: says(result, fix).error })
    return z.NEVER
  })

/** @returns the connectors, or what is wrong with the text */
function readConnectors(text: string): readonly EnterpriseConnector[] | string {
  const list = jsonOf(text)
  if (!Array.isArray(list)) return 'is not a list in JSON'
  if (list.length > most.connectors) return `has more than ${most.connectors} connectors`
  const read: EnterpriseConnector[] = []
  for (const [index, value] of list.entries()) {
    const { data, error } = entry.safeParse(value)
    if (!data) return `has something wrong in connector ${index + 1}: ${faultOf(error.issues[0])}`
    const connector = Object.freeze({
      ...data,
      domains: Object.freeze([...new Set(data.domains)]),
      slug: slugOf(data),
    })
    const clash = read.map((other) => clashOf(connector, other)).find((fault) => fault !== undefined)
    if (clash) return `has two connectors with ${clash}`
    read.push(connector)
  }
  return Object.freeze(read)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Names the key and never its value: what is wrong may be a secret that was pasted into the wrong place. */
function faultOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys')
    return `it has keys other than ${Object.keys(entry.shape).join(', ')}`
  if (issue?.code === 'custom' && issue.path[0] === 'domains') return issue.message
  return issue?.path[0] === undefined ? 'it is no object' : `its ${String(issue.path[0])}`
}

/** @returns what two connectors share that only one of them may have; undefined where they can be told apart */
export function clashOf(one: EnterpriseConnector, other: EnterpriseConnector): string | undefined {
  if (one.id === other.id) return `the ID ${one.id}`
  if (one.slug === other.slug) return `the address /sign-in/${one.slug}, which follows from their names`
  if (one.issuer === other.issuer) return `the issuer ${one.issuer}`
  const shared = one.domains.find((domain) => other.domains.includes(domain))
  return shared && `the domain ${shared}`
}

/**
 * A connector's name as a path segment that survives being typed, mailed and logged: the ASCII letters and digits of
 * it; its ID, where there are none, as in アクメ.
 */
export function slugOf({ id, name }: Pick<EnterpriseConnector, 'id' | 'name'>): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || id.toLowerCase()
}

/** The connectors as one line of JSON, in which no quote but the double one stands: `.env` can hold it in single ones. */
export function writeConnectors(list: readonly Omit<EnterpriseConnector, 'slug'>[]): string {
  const plain = list.map(({ id, name, issuer, domains, clientId, otherDomains }) => ({
    ...{ id, name, issuer, domains },
    ...{ clientId, otherDomains },
  }))
  return JSON.stringify(plain).replaceAll("'", '\\u0027')
}
