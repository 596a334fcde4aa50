import { isExpiredSecret } from '../../http-client/expired-secret.ts'
import { isOfEveryTenant } from '../../provision/providers/entra-oidc.ts'
import type { ConnectorAddresses, Provider, Values } from '../../provision/providers/provider.ts'
import { googleIssuer } from '../../settings/companies/providers.ts'
import { errorIn } from '../ask.ts'
import { askWithBogusCode } from '../steps/bogus-code.ts'
import { type IssuerDocument, lookAt } from '../steps/issuer.ts'
import { judge } from '../steps/okta-verdict.ts'
import type { Means, ProviderFinding, Tried } from './finding.ts'
import * as words from './openid-words.ts'
import { silent } from './silent.ts'

/** Tries an OpenID provider as Logto will use it: its discovery document, its client, the redirect URI, the scopes. */
export async function tryOpenId(
  provider: Provider,
  values: Values,
  { redirectUri }: ConnectorAddresses,
  means: Means,
): Promise<Tried> {
  const { issuer = googleIssuer } = values
  const { asked, document } = await lookAt(means, issuer)
  if ('fault' in asked) return { findings: [silent('issuer', asked.fault)], issuer: undefined }
  if (!document) return { findings: [words.noDocument(issuer, asked.status)], issuer: undefined }
  const isNameOf = provider.isNameOf ?? ((name) => name === issuer)
  if (!isNameOf(document.issuer, issuer)) {
    return { findings: [words.anotherName(document.issuer)], issuer: undefined }
  }
  const lacking = ['token_endpoint', 'jwks_uri'].filter((name) => !document[name as keyof IssuerDocument])
  if (lacking.length > 0) return { findings: [words.halfDocument(lacking)], issuer: undefined }
  const said = [...saidByDocument(provider, values, document)]
  const tried = [
    await authorizationFinding(values, document, redirectUri, means),
    await secretFinding(values, document, redirectUri, means),
  ]
  return { findings: [...tried.filter((finding) => finding !== undefined), ...said], issuer }
}

/** What the document lets expect, though nobody has signed in yet. */
function* saidByDocument(
  { name }: Provider,
  { issuer = '', scope, trustUnverifiedEmail }: Values,
  { scopes_supported: scopes, claims_supported: claims }: IssuerDocument,
): Generator<ProviderFinding> {
  if (isOfEveryTenant(issuer) && name === 'AzureAdOidc') yield words.everyTenant
  const unknown = scopes ? (scope?.split(' ') ?? []).filter((each) => !scopes.includes(each)) : []
  if (unknown.length > 0) yield words.unknownScopes(unknown)
  if (trustUnverifiedEmail === 'true') yield words.trusted
  // Entra has the claim in none of its tokens; of others the document says.
  else if (name === 'AzureAdOidc' || (claims && !claims.includes('email_verified'))) yield words.unverified
}

/** With nobody signed in, a request that is right in every part is answered at its redirect URI. */
async function authorizationFinding(
  { clientId = '', scope = '' }: Values,
  { authorization_endpoint: endpoint }: IssuerDocument,
  redirectUri: string,
  { ask, secrets }: Means,
): Promise<ProviderFinding | undefined> {
  if (!URL.canParse(endpoint)) return words.halfDocument(['authorization_endpoint'])
  const url = new URL(endpoint)
  const parameters = {
    ...{ client_id: clientId, redirect_uri: redirectUri, response_type: 'code', prompt: 'none' },
    ...{ scope: `openid profile email ${scope}`.trim(), state: 'tried', nonce: 'tried' },
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const asked = await ask(url.href, { headers: { accept: 'application/json, text/html' } })
  if ('fault' in asked) return undefined
  const { verdict, answer } = judge(asked, url)
  return words.refusal(verdict, { redirectUri, answer: secrets.quote(answer) })
}

async function secretFinding(
  { clientId = '', clientSecret = '' }: Values,
  { token_endpoint: tokenEndpoint = '' }: IssuerDocument,
  redirectUri: string,
  means: Means,
): Promise<ProviderFinding | undefined> {
  const asked = await askWithBogusCode(means, tokenEndpoint, {
    id: clientId,
    secret: clientSecret,
    redirectUri,
  })
  if ('fault' in asked) return undefined
  const error = errorIn(asked)
  if (!error) return undefined
  // Entra has a code of its own for a client that it does not know.
  if (error.words.includes('AADSTS700016')) return words.unknownClient
  return error.code === 'invalid_client' || isExpiredSecret(error) ? words.wrongSecret : undefined
}
