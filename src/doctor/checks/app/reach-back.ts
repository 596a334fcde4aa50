import type { Text } from '../../../words/phrase.ts'
import type { Check } from '../../check.ts'
import { type Reach, reachOf } from '../../findings/reach.ts'
import { phrase } from '../../phrase.ts'

/** Whether Logto can call the app: for back-channel logout, and to tell of people who leave. */
export const reachBack: Check = {
  id: 'reach-back',
  title: phrase`The way from Logto back to the app`,
  needs: ['settings'],
  async examine(on) {
    const { baseUrl, logto } = on.config
    const tried = phrase`looked up the host of ${baseUrl}/backchannel-logout and ${baseUrl}/webhooks/logto`
    const reach = await reachOf(baseUrl, on.lookup)
    if (reach === 'public') return { status: 'ok', tried, answer: phrase`a public address` }
    const cloud = /\.logto\.app$/.test(new URL(logto.endpoint).hostname)
    return {
      status: 'warning',
      tried,
      answer: answers[reach],
      meaning: cloud
        ? phrase`Logto Cloud never calls such an address: signing out elsewhere, and suspending or deleting somebody in Logto, do not end the session here before it ends by itself.`
        : phrase`A self-hosted Logto sends its webhooks to such an address where it can reach it, and refuses to send a back-channel logout there: signing out elsewhere does not end the session here before it ends by itself.`,
      fix: phrase`Nothing to do in development${cloud ? '' : phrase` (OIDC_PROVIDER_SSRF_PROTECTION_DISABLED=1 in the environment of Logto lifts it)`}. Elsewhere set BASE_URL to an address that Logto can reach; now it is ${baseUrl}.`,
    }
  },
}

const answers: Readonly<Record<Exclude<Reach, 'public'>, Text>> = {
  loopback: phrase`a loopback address: this machine only`,
  private: phrase`an address of a private network`,
  unknown: phrase`no address: DNS does not know the host here`,
}
