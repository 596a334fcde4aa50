import { z } from 'zod'
import type { LiveConfig } from '../../companies/index.ts'
import { throughProxy } from '../../http-client/through-proxy.ts'
import { commandLine } from '../../settings/command-line.ts'
import type { Logger } from '../http/logger.ts'
import { fetchWithin } from './logto-requester.ts'

const Experience = z.object({
  signInMode: z.string(),
  ssoConnectors: z.array(z.object({ id: z.string() })),
})
type Experience = z.output<typeof Experience>

/** How long one answer is believed, in milliseconds; and how long nobody is asked again after none. */
const lifetime = 5 * 60_000

/**
 * What Logto tells everybody of how people sign in to it. It is read beside the work, the first time right away, so that
 * no page waits for it; until it is known, nothing is made of it.
 *
 * @param send how Logto is called
 * @param logger takes a warning, once, of companies in the settings that Logto does not list
 * @returns a function that gives what is known
 */
export function signInExperience(
  config: LiveConfig,
  send: typeof fetch,
  logger: Pick<Logger, 'warn'>,
): () => Experience | undefined {
  const url = `${config.logto.endpoint}/api/.well-known/sign-in-exp`
  const call = fetchWithin(throughProxy(send, config.proxyFor), config.logtoTimeout)
  let known: Experience | undefined
  let until = 0
  let lastReported = ''
  const read = async () => {
    const response = await call(url, { headers: { accept: 'application/json' } })
    if (!response.ok) return
    known = Experience.parse(await response.json())
    const stale = staleConnectors(config, known)
    if (stale.length > 0 && lastReported !== stale.join()) logger.warn({ connectors: stale }, notListed)
    lastReported = stale.join()
  }
  const current = () => {
    if (Date.now() >= until) {
      until = Date.now() + lifetime
      // Whoever needs Logto finds out that it is away, and says so.
      read().catch(() => {})
    }
    return known
  }
  current()
  return current
}

const notListed = `there are companies whose connectors Logto does not list: they are gone, or incomplete. ${commandLine('doctor')} says more`

function staleConnectors({ companies }: LiveConfig, { ssoConnectors }: Experience): string[] {
  const listed = new Set(ssoConnectors.map(({ id }) => id))
  return companies.all().flatMap(({ id }) => (listed.has(id) ? [] : [id]))
}
