import type { Asked } from '../ask.ts'
import type { Examination } from '../examination.ts'

/** Whom to ask a token endpoint as. Without a secret: as a public client, by its ID alone. */
export interface Client {
  id: string
  secret?: string
  redirectUri: string
}

const code = 'no-code-of-anybody'

/**
 * Asks for tokens with a code that nobody was given. What comes back tells of the client: `invalid_client` where the
 * client is not believed, `invalid_grant` where it is and only the code is not (RFC 6749 §5.2).
 */
export function askWithBogusCode(
  on: Pick<Examination, 'ask' | 'secrets'>,
  tokenEndpoint: string,
  client: Client,
): Promise<Asked> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
  })
  on.secrets.add(code) // no secret, but nobody should take it for one that was leaked
  const headers: Record<string, string> = { accept: 'application/json' }
  if (client.secret === undefined) {
    body.set('client_id', client.id)
  } else {
    on.secrets.addClient(client.id, client.secret)
    // RFC 6749 §2.3.1: both are form-encoded before they are joined.
    const credentials = `${formEncode(client.id)}:${formEncode(client.secret)}`
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  }
  return on.ask(tokenEndpoint, { method: 'POST', headers, body })
}

const formEncode = (value: string) => new URLSearchParams({ '': value }).toString().slice(1)
