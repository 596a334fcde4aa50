import { createHash, randomBytes } from 'node:crypto'
import express, { type Express } from 'express'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** The one application this issuer knows. */
export const application = { appId: 'bench', appSecret: 'a-secret-of-the-benchmark' }

interface Grant {
  challenge: string
  redirectUri: string
  idToken: string
}

const random = () => randomBytes(32).toString('base64url')

/**
 * An issuer in Logto's shape that asks nobody anything: whoever comes to the authorization endpoint is the same
 * person at once. The ID token, of Logto's algorithm and claims, is signed there, so that at the token endpoint the
 * issuer's own work hardly counts.
 *
 * @param endpoint where it listens, without a trailing slash
 */
export async function instantIssuer(endpoint: string): Promise<Express> {
  const issuer = `${endpoint}/oidc`
  const { publicKey, privateKey } = await generateKeyPair('ES384')
  const key = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES384', use: 'sig' }
  const grants = new Map<string, Grant>()
  const app = express().disable('etag').disable('x-powered-by')

  app.get('/oidc/.well-known/openid-configuration', (_req, res) => {
    res.json(discovery(issuer))
  })
  app.get('/oidc/jwks', (_req, res) => {
    res.json({ keys: [key] })
  })
  app.get('/oidc/auth', async (req, res) => {
    const asked = new URL(req.originalUrl, endpoint).searchParams
    const redirectUri = asked.get('redirect_uri') ?? ''
    const code = random()
    grants.set(code, {
      challenge: asked.get('code_challenge') ?? '',
      redirectUri,
      idToken: await new SignJWT({ ...claims(), nonce: asked.get('nonce') ?? undefined })
        .setProtectedHeader({ alg: 'ES384', kid: 'bench', typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(application.appId)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    })
    res.redirect(
      303,
      `${redirectUri}?${new URLSearchParams({ code, state: asked.get('state') ?? '', iss: issuer })}`,
    )
  })
  app.post('/oidc/token', express.urlencoded({ extended: false }), (req, res) => {
    const { code, code_verifier: verifier, redirect_uri: redirectUri } = req.body as Record<string, string>
    const grant = grants.get(code ?? '')
    grants.delete(code ?? '')
    const right =
      grant &&
      isOurs(req.headers.authorization) &&
      redirectUri === grant.redirectUri &&
      challengeOf(verifier ?? '') === grant.challenge
    if (!right) {
      res.status(400).json({ error: 'invalid_grant', code: 'oidc.invalid_grant', message: 'Refused.' })
      return
    }
    res.json({
      access_token: random(),
      refresh_token: random(),
      id_token: grant.idToken,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid offline_access profile email',
    })
  })
  app.post('/oidc/token/revocation', (_req, res) => {
    res.end()
  })
  return app
}

/** RFC 6749 §2.3.1: form-encoded, in whatever spelling, and joined. */
function isOurs(authorization = ''): boolean {
  const pair = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()
  const [id, secret] = pair.split(':').map(decodeURIComponent)
  return id === application.appId && secret === application.appSecret
}

/** RFC 7636 §4.6. */
const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

/** What Logto says of a person of an enterprise. */
const claims = () => ({
  sub: randomBytes(9).toString('base64url'),
  name: 'Erin Moore',
  picture: null,
  updated_at: Date.now(),
  username: null,
  created_at: Date.now(),
  email: 'employee@acme.example',
  email_verified: true,
  roles: [],
  organizations: [],
  organization_roles: [],
  sid: random(),
})

const discovery = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/me`,
  revocation_endpoint: `${issuer}/token/revocation`,
  end_session_endpoint: `${issuer}/session/end`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES384'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic'],
  authorization_response_iss_parameter_supported: true,
})
