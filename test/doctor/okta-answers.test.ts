import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issuersOf } from '../../src/doctor/steps/issuer.ts'
import { EMAIL, House, resultOf } from './house.ts'

const page = (words: string) =>
  new Response(`<html><head><title>x</title></head><body><h1>400</h1><p>${words}</p></body></html>`, {
    status: 400,
    headers: { 'content-type': 'text/html' },
  })
const json = (body: unknown, status = 400) => Response.json(body, { status })
const redirect = (to: string) => new Response(null, { status: 302, headers: { location: to } })

describe("what Okta and other providers answer to the connector's request", () => {
  let house: House
  let answer: ((redirectUri: string) => Response) | undefined
  beforeAll(async () => {
    house = await House.open()
    house.startApp()
    const { send } = house
    house.send = async (input, init) => {
      const url = new URL(String(input))
      const isAsked = answer && url.searchParams.get('prompt') === 'none'
      return isAsked && answer ? answer(url.searchParams.get('redirect_uri') ?? '') : send(input, init)
    }
  })
  afterAll(() => house.close())

  const three = ['okta-client', 'okta-redirect', 'okta-scopes'] as const
  const client = ['broken', 'skipped', 'skipped']
  const redirectUri = ['ok', 'broken', 'skipped']
  const scopes = ['ok', 'ok', 'broken']
  const well = ['ok', 'ok', 'ok']
  const unknown = ['unknown', 'unknown', 'unknown']

  it.each<[string, (redirectUri: string) => Response, string[]]>([
    ["Okta's page for a client ID", () => page("Invalid value for 'client_id' parameter."), client],
    ['JSON of Okta for a client ID', () => json({ errorCode: 'invalid_client', errorSummary: 'x' }), client],
    [
      'invalid_client of another',
      () => json({ error: 'invalid_client', error_description: 'x' }, 401),
      client,
    ],
    ["Keycloak's page for a client", () => page('We are sorry... Client not found.'), client],
    [
      "Entra's page for a client",
      () => page('AADSTS700016: Application with identifier 1 was not found'),
      client,
    ],
    [
      "Okta's page for a redirect URI",
      (uri) =>
        page(`The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: ${uri}`),
      redirectUri,
    ],
    ['redirect_uri_mismatch', () => page('Error 400: redirect_uri_mismatch'), redirectUri],
    ['invalid_redirect_uri', () => json({ error: 'invalid_redirect_uri' }), redirectUri],
    ["Keycloak's page for a redirect URI", () => page('Invalid parameter: redirect_uri'), redirectUri],
    [
      "Entra's page for a redirect URI",
      (uri) => page(`AADSTS50011: The redirect URI '${uri}' specified in the request does not match`),
      redirectUri,
    ],
    ['a page about PKCE', () => page('PKCE code challenge is required by the application.'), client],
    [
      'PKCE told at the redirect URI',
      (uri) => redirect(`${uri}?error=invalid_request&error_description=code_challenge+is+required`),
      client,
    ],
    ['unauthorized_client', (uri) => redirect(`${uri}?error=unauthorized_client`), client],
    ['invalid_scope', (uri) => redirect(`${uri}?error=invalid_scope&error_description=x`), scopes],
    ['login_required', (uri) => redirect(`${uri}?error=login_required`), well],
    ['consent_required', (uri) => redirect(`${uri}?error=consent_required`), well],
    ['access_denied', (uri) => redirect(`${uri}?error=access_denied&error_description=Policy`), well],
    ['a code, for a browser that nobody has', (uri) => redirect(`${uri}?code=never-show-this-code`), well],
    ['server_error', (uri) => redirect(`${uri}?error=server_error`), unknown],
    ['a redirect to a sign-in page', () => redirect('https://login.example/'), unknown],
    ['a redirect to nowhere', () => new Response(null, { status: 302 }), unknown],
    ['a page that says nothing', () => page('Something went wrong.'), unknown],
    ['a page for people', () => new Response('<p>Sign in</p>'), unknown],
    ['too many requests', () => json({ errorCode: 'invalid_client' }, 429), unknown],
    ['a fault of its own', () => json({ error: 'invalid_client' }, 500), unknown],
  ])('doctor, %s, reads it', async (_what, given, expected) => {
    answer = given
    const results = await house.examine({ email: EMAIL })
    expect(three.map((id) => resultOf(results, id).status)).toEqual(expected)
    expect(JSON.stringify(results)).not.toContain('never-show-this-code')
  })

  // Quadratic work would take minutes.
  it.each(['<', '<form', '&', ' ', 'redirect_uri ', 'client ', 'invalid client'])(
    'doctor, a megabyte of %j, looks at it and goes on',
    async (part) => {
      const body = part.repeat(990_000 / part.length)
      answer = () => page(body)
      const html = resultOf(await house.examine({ email: EMAIL }), 'okta-client')
      answer = () => json({ error: 'invalid_request', error_description: body })
      const api = resultOf(await house.examine({ email: EMAIL }), 'okta-client')
      for (const result of [html, api]) expect(result.answer.length).toBeLessThan(250)
    },
  )

  it('doctor, script and attributes of a page, are no part of its words', async () => {
    answer = () =>
      page('<script>var e = "invalid_client"</script><a title="redirect_uri_mismatch">Sorry &amp; bye</a>')
    const results = await house.examine({ email: EMAIL })
    expect(resultOf(results, 'okta-client')).toMatchObject({
      status: 'unknown',
      answer: '400 400 Sorry & bye',
    })
  })

  it('doctor, Okta away, finds out nothing about the client', async () => {
    answer = () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) })
    }
    const results = await house.examine({ email: EMAIL })
    expect(resultOf(results, 'okta-client')).toMatchObject({
      status: 'unknown',
      answer: 'the connection was closed before an answer came',
    })
  })
})

describe('where the issuer of an authorization endpoint is looked for', () => {
  it.each([
    ['https://acme.okta.com/oauth2/v1/authorize', ['https://acme.okta.com']],
    ['https://acme.okta.com/oauth2/default/v1/authorize', ['https://acme.okta.com/oauth2/default']],
    ['https://acme.okta.com/oauth2/aus1/v1/authorize', ['https://acme.okta.com/oauth2/aus1']],
    ['https://idp.example/auth', ['https://idp.example']],
    [
      'https://idp.example/realms/a/protocol/openid-connect/auth',
      [
        'https://idp.example/realms/a/protocol/openid-connect',
        'https://idp.example/realms/a/protocol',
        'https://idp.example/realms/a',
        'https://idp.example/realms',
        'https://idp.example',
      ],
    ],
    [`https://idp.example${'/a'.repeat(50)}`, expect.objectContaining({ length: 8 })],
    ['no address', []],
  ])('issuer, of %s, is looked for there', (endpoint, issuers) => {
    expect(issuersOf(endpoint)).toEqual(issuers)
  })

  it('endpoint, of as many parts as fit into an answer, is looked at in a few places', () => {
    expect(issuersOf(`https://idp.example/${'a/'.repeat(490_000)}authorize`)).toHaveLength(8)
  })
})
