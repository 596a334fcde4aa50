import { beforeAll, describe, expect, it } from 'vitest'
import { type Answer, managementOf, sender } from './management-support.ts'
import { sandboxForTests } from './support.ts'

const context = sandboxForTests()

const oidc = () => `${context.sandbox.logto.endpoint}/oidc`
const callback = () => `${context.app.url}/callback`

const basic = () => {
  const { appId, appSecret } = context.sandbox.logto
  return `Basic ${Buffer.from(`${appId}:${appSecret}`).toString('base64')}`
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { ...init, redirect: 'manual' })
  const text = await response.text()
  const body = text.startsWith('{') ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, body }
}

/** What Logto 1.42 answers, in our own words: statuses, and as much of the bodies as somebody could go by. */
describe('the OpenID provider', () => {
  const invalidGrant = {
    code: 'oidc.invalid_grant',
    message: 'Grant request is invalid.',
    error: 'invalid_grant',
    error_description: 'grant request is invalid',
    error_uri: 'https://openid.sh/debug/invalid_grant',
  }
  const invalidRequest = (error_description: string) => ({
    code: 'oidc.invalid_request',
    message: 'Request is invalid.',
    error: 'invalid_request',
    error_description,
  })

  it.each([
    [
      'code that is none',
      { grant_type: 'authorization_code', code: 'x', redirect_uri: 'here' },
      invalidGrant,
    ],
    [
      'code without redirect_uri, though one is registered',
      { grant_type: 'authorization_code', code: 'x' },
      invalidRequest("missing required parameter 'redirect_uri'"),
    ],
    ['refresh token that is none', { grant_type: 'refresh_token', refresh_token: 'x' }, invalidGrant],
  ])('token request, %s, is 400', async (_what, form: Record<string, string>, expected) => {
    const body = new URLSearchParams(form)
    if (body.has('redirect_uri')) body.set('redirect_uri', callback())
    const init = { method: 'POST', headers: { authorization: basic() }, body }
    expect(await ask(`${oidc()}/token`, init)).toMatchObject({ status: 400, body: expected })
  })

  it.each(['/token', '/nosuch'])('GET %s, which there is not, is 404 in OAuth’s form', async (path) => {
    const { status, body } = await ask(oidc() + path)
    expect(status).toBe(404)
    expect(body).toEqual(invalidRequest(`unrecognized route or not allowed method (GET on ${path})`))
  })

  it.each([
    ['', '/sign-in?app_id=APP'],
    ['first_screen=register', '/register?app_id=APP'],
    ['max_age=0', '/sign-in?app_id=APP'],
    ['direct_sign_in=sso:nosuch', '/direct/sso/nosuch?app_id=APP&fallback=sign-in'],
    ['direct_sign_in=garbage', '/direct/garbage?app_id=APP&fallback=sign-in'],
    ['prompt=bogus', 'invalid_request'],
    ['code_challenge_method=plain', 'invalid_request'],
    ['resource=https://nosuch.example', 'invalid_target'],
    ['request=eyJhbGciOiJub25lIn0.e30.', 'request_not_supported'],
  ])('authorization request, with “%s”, leads to %s', async (extra, expected) => {
    const { appId } = context.sandbox.logto
    const query = new URLSearchParams({
      ...{ client_id: appId, redirect_uri: callback(), response_type: 'code', scope: 'openid', state: 'st' },
      ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
      ...Object.fromEntries(new URLSearchParams(extra)),
    })
    const { status, headers } = await ask(`${oidc()}/auth?${query}`)
    expect(status).toBe(303)
    const location = headers.get('location') ?? ''
    if (expected.startsWith('/')) expect(location).toBe(expected.replace('APP', appId))
    else expect(new URL(location).searchParams.get('error')).toBe(expected)
  })

  it.each([
    ['without the slash of the registered one', 200, (url: string) => url],
    ['with it', 200, (url: string) => `${url}/`],
    ['of another path', 400, (url: string) => `${url}/elsewhere`],
    ['that is none', 400, () => 'nowhere'],
  ])('sign-out, to an address %s, is %i', async (_what, status, address) => {
    const query = new URLSearchParams({
      client_id: context.sandbox.logto.appId,
      post_logout_redirect_uri: address(context.app.url),
    })
    expect((await ask(`${oidc()}/session/end?${query}`)).status).toBe(status)
  })
})

describe('the Management API', () => {
  let logto: ReturnType<typeof sender>
  beforeAll(async () => {
    logto = await managementOf(context.sandbox)
  })

  const guarded = (issues: object[], details: string) => ({
    code: 'guard.invalid_input',
    message: 'The request body is invalid.',
    data: { name: 'ZodError', issues },
    details,
  })
  const TYPES = ['Native', 'SPA', 'Traditional', 'MachineToMachine', 'Protected', 'SAML']
  const LISTED = TYPES.map((type) => `'${type}'`).join(' | ')
  const addresses = { redirectUris: [], postLogoutRedirectUris: [] }

  const required = (name: string, expected: string) => ({
    ...{ code: 'invalid_type', expected, received: 'undefined', path: [name], message: 'Required' },
  })
  const metadata = (given: object) => ({ oidcClientMetadata: { ...addresses, ...given } })

  const rows: Array<[call: string, body: object | undefined, status: number, answer: object]> = [
    [
      'POST /applications',
      {},
      400,
      guarded(
        [required('name', 'string'), required('type', LISTED)],
        `Error in key path "name": (invalid_type) Expected string but received undefined.
Error in key path "type": (invalid_type) Expected ${LISTED} but received undefined.`,
      ),
    ],
    [
      'POST /applications',
      { name: 'x', type: 'Nope' },
      400,
      guarded(
        [{ code: 'invalid_enum_value', received: 'Nope', options: TYPES, path: ['type'] }],
        `Error in key path "type": (invalid_enum_value) Invalid enum value. Expected ${LISTED}, received 'Nope'`,
      ),
    ],
    [
      'POST /applications',
      { name: 5, type: 'SPA' },
      400,
      guarded(
        [{ ...required('name', 'string'), received: 'number', message: 'Expected string, received number' }],
        'Error in key path "name": (invalid_type) Expected string, received number',
      ),
    ],
    [
      'PATCH /applications/any',
      metadata({ redirectUris: ['no address'] }),
      400,
      guarded(
        [{ code: 'custom', message: 'Invalid input', path: ['oidcClientMetadata', 'redirectUris', 0] }],
        'Error in key path "oidcClientMetadata.redirectUris.0": (custom) Invalid input',
      ),
    ],
    [
      'PATCH /applications/any',
      metadata({ backchannelLogoutUri: 'nope' }),
      400,
      guarded(
        [{ code: 'invalid_string', validation: 'url', message: 'Invalid url' }],
        'Error in key path "oidcClientMetadata.backchannelLogoutUri": (invalid_string) Invalid url',
      ),
    ],
    [
      'POST /hooks',
      { events: ['Nope'], config: { url: 'http://localhost' } },
      400,
      { data: { issues: [{ code: 'invalid_enum_value', received: 'Nope', path: ['events', 0] }] } },
    ],
    [
      'PATCH /sign-in-exp',
      { nosuch: 1 },
      422,
      { code: 'entity.invalid_input', message: 'Invalid input. Value list must not be empty.' },
    ],
    ['PATCH /sign-in-exp', { nosuch: 1, customCss: 'p {}' }, 200, { customCss: 'p {}' }],
    ['GET /users/nosuch', undefined, 404, { message: 'The resource does not exist.' }],
    [
      'PATCH /users/nosuch/is-suspended',
      {},
      400,
      guarded(
        [{ code: 'invalid_type', expected: 'boolean', received: 'undefined', message: 'Required' }],
        'Error in key path "isSuspended": (invalid_type) Expected boolean but received undefined.',
      ),
    ],
  ]

  it.each(rows)('%s, with %j, is %i', async (call, body, status, answer) => {
    const [method = '', path = ''] = call.split(' ')
    expect(await logto(method, path, body)).toMatchObject({ status, body: answer })
  })

  it('token, that is none, is told apart by what is wrong with it', async () => {
    const other = sender(`${context.sandbox.logto.endpoint}/api`, 'Bearer nope')
    expect(await other('GET', '/applications')).toMatchObject({
      status: 401,
      body: { code: 'auth.unauthorized', data: { code: 'ERR_JWS_INVALID', name: 'JWSInvalid' } },
    })
  })
})
