import { z } from 'zod'
import type { Asked } from '../ask.ts'
import type { Examination } from '../examination.ts'
import { CookieJar } from './cookie-jar.ts'
import { authorizationAnswer, authorizationUrl, randomText } from './logto-requests.ts'

/** Calls Logto's Experience API as the sign-in page does, with the cookies of the authorization request. */
export type Experience = (method: string, path: string, body?: unknown) => Promise<Asked>

const begin = (on: Examination) =>
  on.once(begin, async (): Promise<{ experience: Experience; begun: Asked }> => {
    const cookies = new CookieJar()
    const answer = await authorizationAnswer(on)
    if (!('fault' in answer)) cookies.keep(answer.response, await authorizationUrl(on))
    on.secrets.add(...cookies.values)
    const experience: Experience = async (method, path, body) => {
      const url = `${on.config.logto.endpoint}/api/experience${path}`
      const asked = await on.ask(url, {
        method,
        headers: {
          accept: 'application/json',
          cookie: cookies.headerFor(url),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      if (!('fault' in asked)) cookies.keep(asked.response, url)
      on.secrets.add(...cookies.values)
      return asked
    }
    return { experience, begun: await experience('PUT', '', { interactionEvent: 'SignIn' }) }
  })

const ConnectorIds = z.object({ connectorIds: z.array(z.string().regex(/^[\w-]{1,128}$/)) })

/** Which connectors an email address goes to. */
export const connectorsOfEmail = (on: Examination, email: string) =>
  on.once(`connectors of ${email}`, async () => {
    const { experience, begun } = await begin(on)
    if ('fault' in begun || begun.status >= 400) return { asked: begun, connectorIds: undefined }
    const asked = await experience('GET', `/sso-connectors?${new URLSearchParams({ email })}`)
    const read =
      'fault' in asked || asked.status !== 200 ? undefined : ConnectorIds.safeParse(asked.json).data
    return { asked, connectorIds: read?.connectorIds }
  })

const Authorization = z.object({ authorizationUri: z.url({ protocol: /^https?$/ }) })

/** Where a connector would send the browser. */
export const authorizationUriOf = (on: Examination, connectorId: string) =>
  on.once(`authorization URI of ${connectorId}`, async () => {
    const { experience, begun } = await begin(on)
    if ('fault' in begun || begun.status >= 400) return { asked: begun, uri: undefined }
    const state = randomText()
    on.secrets.add(state)
    const redirectUri = connectorRedirectUri(on, connectorId)
    const asked = await experience('POST', `/verification/sso/${connectorId}/authorization-uri`, {
      state,
      redirectUri,
    })
    const read =
      'fault' in asked || asked.status !== 200 ? undefined : Authorization.safeParse(asked.json).data
    if (read) on.secrets.add(new URL(read.authorizationUri).searchParams.get('nonce') ?? undefined)
    return { asked, uri: read?.authorizationUri }
  })

/** The connector's own address at Logto, to which Okta sends people back. */
export const connectorRedirectUri = (on: Examination, connectorId: string) =>
  `${on.config.logto.endpoint}/callback/${connectorId}`
