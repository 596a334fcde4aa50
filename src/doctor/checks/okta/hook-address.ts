import { randomBytes } from 'node:crypto'
import { addressesAt } from '../../../sso/addresses.ts'
import type { Text } from '../../../words/phrase.ts'
import { inWords } from '../../ask.ts'
import { type Check, type Finding, notTried } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { reachOf } from '../../findings/reach.ts'
import { phrase } from '../../phrase.ts'
import { oktaCompanies } from '../../provider/provider-of.ts'
import { noOkta } from './okta-api.ts'

/** Whether the app answers at the address of each company's event hook, and whether Okta could reach it. */
export const hookAddress: Check = {
  id: 'okta-hook-address',
  title: phrase`The way from Okta to the app`,
  needs: ['settings'],
  async examine(on) {
    const { baseUrl } = on.config
    const connectors = oktaCompanies(on)
    const { oktaWebhook } = addressesAt(baseUrl)
    const addresses = connectors.map(({ id }) => oktaWebhook(id))
    const tried = addresses.map((address) => `GET ${address}`).join(', ') || phrase`to ask as Okta does`
    if (addresses.length === 0) return notTried(tried, noOkta)
    const answers = await Promise.all(addresses.map((address) => challenged(on, address)))
    const failed = answers.filter(({ isOurs }) => !isOurs)
    const answer = (failed[0] ?? answers[0])?.words ?? ''
    if (failed.length > 0) {
      return {
        ...{ status: 'broken', tried, answer },
        meaning: phrase`The app does not give Okta’s challenge back there: Okta verifies no event hook, and sends nothing.`,
        fix: phrase`Start the app with these settings (SSO_CONNECTORS, COMPANY_HOOK_KEY), and let the proxy before it pass this path on.`,
        blocks: false,
      }
    }
    return (await unreachable(on, tried)) ?? { status: 'ok', tried, answer }
  },
}

async function challenged(on: Examination, address: string): Promise<{ isOurs: boolean; words: Text }> {
  const value = randomBytes(20).toString('hex')
  const asked = await on.ask(address, { headers: { 'x-okta-verification-challenge': value } })
  const told = 'fault' in asked ? undefined : (asked.json as { verification?: unknown } | undefined)
  const isOurs = !('fault' in asked) && asked.status === 200 && told?.verification === value
  return { isOurs, words: isOurs ? phrase`the challenge comes back` : inWords(asked, on.secrets) }
}

/** @returns what keeps a real Okta from calling the app, where something does */
async function unreachable(on: Examination, tried: Text): Promise<Finding | undefined> {
  const { baseUrl } = on.config
  const orgs = oktaCompanies(on).map(({ issuer }) => issuer)
  const reaches = await Promise.all(orgs.map((issuer) => reachOf(issuer, on.lookup)))
  // An Okta on this machine is the sandbox's, which calls this machine.
  if (reaches.every((reach) => reach === 'loopback')) return undefined
  const reach = await reachOf(baseUrl, on.lookup)
  const isHttps = new URL(baseUrl).protocol === 'https:'
  if (isHttps && reach === 'public') return undefined
  return {
    status: 'warning',
    tried,
    answer: phrase`the challenge comes back here; the address is ${isHttps ? '' : phrase`an http one, and `}${reach}`,
    meaning: phrase`Okta calls public https addresses only: it tells this app of nobody who leaves.`,
    fix: phrase`Nothing to do in development. Elsewhere set BASE_URL to a public https address; now it is ${baseUrl}.`,
  }
}
