import { z } from 'zod'
import type { Asked } from '../ask.ts'
import type { Examination } from '../examination.ts'
import { authorizationUriOf } from './interaction.ts'
import { factsIfAny } from './management.ts'

const Document = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.url({ protocol: /^https?$/ }).optional(),
  scopes_supported: z.array(z.string()).optional(),
  claims_supported: z.array(z.string()).optional(),
  jwks_uri: z.string().optional(),
})
export type IssuerDocument = z.output<typeof Document>

/** A place where an issuer was looked for, and what was there. */
export interface Look {
  issuer: string
  asked: Asked
  document: IssuerDocument | undefined
}

export interface IssuerFound {
  /** The issuer whose document was taken; undefined where none fits. */
  found: (Look & { document: IssuerDocument }) | undefined
  /** Every look there was, in order. */
  looks: Look[]
  /** Whether the connector itself says which issuer it means. */
  configured: boolean
}

/** The issuer behind a connector: the one it is set up with where that is known, else by its authorization endpoint. */
export const issuerOf = (on: Examination, connectorId: string) =>
  on.once(`issuer of ${connectorId}`, async (): Promise<IssuerFound> => {
    const { uri = '' } = await authorizationUriOf(on, connectorId)
    const connector = (await factsIfAny(on))?.connectors.find(({ id }) => id === connectorId)
    const configured = connector?.config.issuer
    if (configured) {
      const look = await lookAt(on, configured)
      return { found: fits(look) ? look : undefined, looks: [look], configured: true }
    }
    const endpoint = withoutQuery(uri)
    const looks: Look[] = []
    for (const candidate of issuersOf(endpoint)) {
      const look = await lookAt(on, candidate)
      looks.push(look)
      if ('fault' in look.asked) break // the same host for all of them
      if (fits(look) && look.document.authorization_endpoint === endpoint) {
        return { found: look, looks, configured: false }
      }
    }
    return { found: undefined, looks, configured: false }
  })

const fits = (look: Look): look is Look & { document: IssuerDocument } => look.document !== undefined

/** OpenID Connect Discovery 1.0 §4.1; a slash at the end of the issuer does not count. */
export async function lookAt(on: Pick<Examination, 'ask'>, issuer: string): Promise<Look> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const asked = await on.ask(url, { headers: { accept: 'application/json' } })
  const read = 'fault' in asked || asked.status !== 200 ? undefined : Document.safeParse(asked.json).data
  return { issuer, asked, document: read }
}

/** Most places to look at. */
const most = 8

/**
 * Issuers that an authorization endpoint may belong to. Okta's are known: the org itself, or a custom authorization
 * server below `/oauth2`. Anybody else's may be any part of the path, the longest first.
 */
export function issuersOf(endpoint: string): string[] {
  const okta =
    /^(.+)\/oauth2\/v1\/authorize$/.exec(endpoint) ?? /^(.+\/oauth2\/[^/]+)\/v1\/authorize$/.exec(endpoint)
  if (okta?.[1]) return [okta[1]]
  if (!URL.canParse(endpoint)) return []
  const { origin, pathname } = new URL(endpoint)
  const segments = pathname.split('/').filter(Boolean).slice(0, -1)
  return segments
    .slice(0, most)
    .map((_segment, index) => `${origin}/${segments.slice(0, segments.length - index).join('/')}`)
    .concat(origin)
    .slice(0, most)
}

export const withoutQuery = (url: string) => url.replace(/[?#].*$/, '')
