import { describe, expect, it } from 'vitest'
import { APP, blankForTests, only } from './support.ts'

// What goes back to the servers here has fields that no schema of ours knows.
const context = blankForTests({ onlyOurBodies: false })

describe('fields nobody has told provision of', () => {
  it('app in Okta, with more than is known, keeps all of it', async () => {
    await context.provision()
    const app = only(context.sandbox.org.apps)
    const more = {
      future: { a: [1, null, { b: 'c' }] },
      profile: { owner: 'them' },
      licensing: { seatCount: 9 },
    }
    Object.assign(app, more)
    Object.assign(app.settings, { notes: { admin: 'kept', enduser: null }, future: 1 })
    Object.assign(app.settings.oauthClient, {
      redirect_uris: [`${APP}/other`],
      consent_method: 'REQUIRED',
      jwks: { keys: [{ kty: 'RSA' }] },
      dpop_bound_access_tokens: true,
      future: 'x',
    })
    Object.assign(app.credentials, { userNameTemplate: { template: 'x', type: 'CUSTOM' }, future: true })
    Object.assign(app.credentials.oauthClient, { autoKeyRotation: false, future: 2 })
    const before = structuredClone(app)

    await context.provision()
    const { redirect_uris: uris } = app.settings.oauthClient
    expect(uris).toEqual([`${APP}/other`, expect.stringContaining('/callback/')])
    app.settings.oauthClient.redirect_uris = before.settings.oauthClient.redirect_uris
    expect(app).toEqual({ ...before, lastUpdated: expect.any(String) })
  })

  it('connector, its config with more than is known, sends it back', async () => {
    await context.provision()
    const connector = only(context.sandbox.tenant.ssoConnectors)
    Object.assign(connector.config, { future: 'kept', scope: 'openid' })
    context.wire.reset()
    await context.provision()
    expect(only(context.wire.changes).body).toEqual({
      config: { ...connector.config, future: 'kept', scope: 'openid profile email' },
    })
  })

  it('application, its metadata with more than is known, sends it back', async () => {
    await context.provision()
    const application = context.sandbox.tenant.applications.find(({ name }) => name === 'Our app')
    Object.assign(application?.oidcClientMetadata ?? {}, { future: 'kept', postLogoutRedirectUris: [] })
    context.wire.reset()
    await context.provision()
    expect(only(context.wire.changes).body).toMatchObject({
      oidcClientMetadata: { future: 'kept', postLogoutRedirectUris: [`${APP}/`] },
    })
  })
})
