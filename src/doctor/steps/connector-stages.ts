import type { Provider } from '../../provision/providers/provider.ts'
import { joined } from '../../words/phrase.ts'
import { type Finding, type NotTried, notTried, type Status } from '../check.ts'
import type { Examination } from '../examination.ts'
import { phrase } from '../phrase.ts'
import { providerOf } from '../provider/provider-of.ts'
import { connectorsOfEmail } from './interaction.ts'
import { factsIfAny } from './management.ts'
import { signInExperience } from './sign-in-experience.ts'

/** A connector under examination. */
export interface Subject {
  id: string
  /** As it is spoken of: its name and its ID. */
  name: string
  provider: Provider
}

/** Connectors that are tried at most, where no email address chooses one. */
const most = 10

/**
 * Examines one link of each connector that has passed the link before, all at once, and makes one finding of it. The
 * links behind are tried for those that pass.
 *
 * @param link.id the check, by which the next names this one
 * @param link.after the check before, of the same connectors; none for the first
 * @param link.protocol the connectors that it is about; without it all are
 */
export async function examineConnectors(
  on: Examination,
  { id, after, protocol }: { id: string; after?: string; protocol?: Provider['protocol'] },
  examine: (connector: Subject) => Promise<Finding>,
): Promise<Finding | NotTried> {
  const everybody = await subjects(on)
  const all = everybody.filter(({ provider }) => !protocol || provider.protocol === protocol)
  if (all.length === 0 && everybody.length > 0) {
    const kind = protocol === 'saml' ? 'SAML' : 'OpenID Connect'
    return notTried(phrase`to find a connector for ${kind}`, phrase`no company comes by ${kind}`)
  }
  const subjectsHere = after ? all.filter((connector) => passed(on, after).has(connector.id)) : all
  const findings = await Promise.all(subjectsHere.map(examine))
  subjectsHere.forEach((connector, index) => {
    const finding = findings[index]
    if (finding && !(finding.blocks ?? finding.status === 'broken')) passed(on, id).add(connector.id)
  })
  return merged(findings, subjectsHere, passed(on, id).size === 0)
}

const passed = (on: Examination, id: string) => on.once(`connectors past ${id}`, () => new Set<string>())

/** The connectors of the email address, or all that people can use. */
async function subjects(on: Examination): Promise<Subject[]> {
  const listed = (await signInExperience(on)).experience?.ssoConnectors ?? []
  const chosen = on.email ? (await connectorsOfEmail(on, on.email)).connectorIds : undefined
  const facts = await factsIfAny(on)
  const ids = (chosen ?? listed.map(({ id }) => id)).slice(0, most)
  return Promise.all(
    ids.map(async (id) => {
      const own = facts?.connectors.find((connector) => connector.id === id)?.connectorName
      const name = `“${own ?? listed.find((connector) => connector.id === id)?.connectorName}” (${id})`
      return { id, name, provider: await providerOf(on, id) }
    }),
  )
}

const gravity: readonly Status[] = ['ok', 'unknown', 'warning', 'broken']

/** One finding of several: the gravest status, and each connector's own words under its name. */
function merged(findings: readonly Finding[], connectors: readonly Subject[], blocks: boolean): Finding {
  const [first, ...others] = findings
  if (!first) {
    return {
      status: 'unknown',
      tried: phrase`to find a connector`,
      answer: phrase`there is none to try`,
      blocks: true,
    }
  }
  if (others.length === 0) return first
  const gravest = findings.reduce((a, b) => (gravity.indexOf(b.status) > gravity.indexOf(a.status) ? b : a))
  const lines = (part: 'tried' | 'answer' | 'meaning' | 'fix') =>
    joined(
      findings.flatMap((finding, index) =>
        finding[part] ? [phrase`${connectors[index]?.name}: ${finding[part]}`] : [],
      ),
    )
  return {
    status: gravest.status,
    tried: lines('tried'),
    answer: lines('answer'),
    ...(gravest.meaning !== undefined && { meaning: lines('meaning') }),
    ...(gravest.fix !== undefined && { fix: lines('fix') }),
    blocks,
  }
}
