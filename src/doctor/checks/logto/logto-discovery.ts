import { z } from 'zod'
import { networkFault } from '../../../http-client/network-fault.ts'
import { anotherIssuer } from '../../../provision/logto/tenant.ts'
import { NotLogtoError } from '../../../sso/logto/logto-metadata.ts'
import { LogtoUnreachableError } from '../../../sso/logto/logto-requester.ts'
import { textIn } from '../../../words/phrase.ts'
import type { Check, Finding } from '../../check.ts'
import type { Examination } from '../../examination.ts'
import { showUrl } from '../../findings/show-url.ts'
import { unanswered } from '../../findings/unanswered.ts'
import { phrase } from '../../phrase.ts'
import { logtoIsDownForTheApp } from '../../steps/app-pages.ts'
import { metadata } from '../../steps/logto-requests.ts'

/** Whether Logto's metadata are there, and are those of the issuer the app believes. */
export const logtoDiscovery: Check = {
  id: 'logto-discovery',
  title: phrase`Logto's metadata`,
  needs: ['logto-endpoint'],
  async examine(on) {
    const expected = `${on.config.logto.endpoint}/oidc`
    const tried = `GET ${expected}/.well-known/openid-configuration`
    try {
      const { issuer } = await metadata(on)
      const answer = phrase`issuer ${issuer}`
      return (await logtoIsDownForTheApp(on))
        ? { status: 'broken', tried, answer, ...unreachableForTheApp(on), blocks: false }
        : { status: 'ok', tried, answer }
    } catch (error) {
      if (error instanceof LogtoUnreachableError) return unanswered(tried, networkFault(error), 'Logto')
      if (error instanceof NotLogtoError) return notMetadata(on, tried, error)
      throw error
    }
  },
}

function unreachableForTheApp({ config }: Examination): Pick<Finding, 'meaning' | 'fix'> {
  const { endpoint } = config.logto
  return {
    meaning: phrase`This machine reaches Logto, and the app, where it runs, does not: its /sign-in answers 503.`,
    fix: phrase`See that the app was started with LOGTO_ENDPOINT=${endpoint}, and that its host or container reaches that address (DNS, firewall, HTTPS_PROXY, trusted certificates). Its log has the reason.`,
  }
}

function otherIssuer({ config }: Examination, tried: string, issuer: string): Finding {
  const issuerUrl = textIn(showUrl(issuer), 'en') // an http address, the same in each language
  const { problem: meaning, fix } = anotherIssuer(config.logto.endpoint, issuerUrl)
  return { status: 'broken', tried, answer: phrase`issuer ${issuerUrl}`, meaning, fix }
}

const Named = z.object({ issuer: z.url({ protocol: /^https?$/ }) })

/** A document that is refused may still say why: another issuer (OpenID Connect Discovery 1.0 §4.3). */
async function notMetadata(on: Examination, tried: string, error: NotLogtoError): Promise<Finding> {
  const expected = `${on.config.logto.endpoint}/oidc`
  const asked = await on.ask(`${expected}/.well-known/openid-configuration`)
  const { data } = Named.safeParse('fault' in asked ? undefined : asked.json)
  if (data && data.issuer !== expected) return otherIssuer(on, tried, data.issuer)
  return {
    status: 'broken',
    tried,
    answer: on.secrets.quote(error.message),
    meaning: phrase`The answer is not the discovery document of a Logto.`,
    fix: phrase`Set LOGTO_ENDPOINT to “Logto endpoint” (Logto console → Applications → the app → Endpoints & Credentials); now it is ${on.config.logto.endpoint}.`,
  }
}
