import { describe, expect, it } from 'vitest'
import { signedInApp, testApp } from '../support/app.ts'

describe('GET /api/me', () => {
  it('somebody signed in, gets their claims and times, and no token', async () => {
    const { browser } = await signedInApp()
    const response = await browser.get('/api/me')
    expect(response).toMatchObject({ status: 200, type: 'application/json' })
    expect(response.headers['cache-control']).toBe('private, no-store')
    expect(response.body).toEqual({
      sub: 'user-1',
      claims: expect.objectContaining({ sub: 'user-1', email: 'employee@acme.example' }),
      session: { startedAt: expect.any(String), endsAt: expect.any(String) },
    })
    const { startedAt, endsAt } = response.body.session
    expect(Date.parse(endsAt) - Date.parse(startedAt)).toBe(86_400_000)
    expect(response.text).not.toMatch(/the-access-token|the-refresh-token|eyJ/)
  })

  it('address below /api, unknown, is a 404 in JSON', async () => {
    const response = await testApp().browser().get('/api/nothing').set('accept', 'text/html')
    expect(response).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } })
  })
})
