import { request } from 'node:http'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { parse } from 'node-html-parser'
import { afterEach, describe, expect, it } from 'vitest'

import { UserAgent } from '../support/user-agent.ts'
import { applicationOf, having, sandboxForTests, signInWithOkta, signUp, userOf } from './support.ts'

const context = sandboxForTests()
const control = () => context.sandbox.control
const address = (path = '/') => context.sandbox.logto.endpoint + path

afterEach(() => control().clearFaults())

/** Presses a button as the page's own form would. */
function press(action: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const { origin } = new URL(address())
  return fetch(address(`/control/${action}`), {
    method: 'POST',
    redirect: 'manual',
    headers: { origin, ...headers },
    body: new URLSearchParams(form),
  })
}

const application = () => applicationOf(context)

async function text() {
  return (await new UserAgent().open(address())).text
}

/** What an element of the page says, by a selector; nothing where there is no such element. */
async function said(selector: string) {
  return parse((await new UserAgent().open(address())).body).querySelector(selector)?.textContent
}

const status = async (path: string) => (await fetch(address(path))).status

describe('the control room', () => {
  it('page, with everybody gone, says so and has its headers', async () => {
    const page = await having(context.sandbox.tenant, { users: [] }, () => new UserAgent().open(address()))
    expect(page.status).toBe(200)
    expect(page.body).toContain('data-no-fault')
    expect(page.body.match(/data-nobody/g)).toHaveLength(2)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    // Anything stricter, and browsers send `Origin: null` with its forms.
    expect(page.headers.get('referrer-policy')).toBe('same-origin')
  })

  it('person, signed in, is shown with the session, and without a secret', async () => {
    const { tokens } = await signInWithOkta(context)
    const page = await new UserAgent().open(address())
    expect(page.text).toContain('employee@acme.example')
    expect(page.text).toContain(String(tokens.claims()?.sid))
    expect(page.text).toMatch(/App → Logto POST \/oidc\/token 200 grant_type=authorization_code/)
    const { sandbox } = context
    const secrets = [
      ...sandbox.tenant.applications.flatMap(({ secrets }) => secrets.map(({ value }) => value)),
      ...[sandbox.webhookKey, sandbox.password, tokens.access_token, tokens.refresh_token ?? ''],
    ]
    for (const secret of secrets) expect(page.body).not.toContain(secret)
  })

  it('page, of the API, says what its permissions are and which role opens them', async () => {
    expect(await text()).toMatch(
      /API resource “Express app” in Logto API identifier https:\/\/notes\.acme\.example Permissions read:notes Permissions of the role “Express app API access” read:notes/,
    )
    expect(await text()).not.toContain('Logto Management API')
  })

  it('name, of a person who likes markup, is text', async () => {
    const { tokens } = await signUp(context)
    userOf(context, tokens.claims()?.sub).username = '<b>"bold"</b>'
    expect((await new UserAgent().open(address())).body).not.toContain('<b>')
  })

  it.each([
    ['slow-tokens', 'delay', '5 s'],
    ['fail-tokens', 'failure', '500'],
    ['refuse-refresh', 'refresh', ''],
    ['outage', 'unavailable', '503'],
  ])(
    'button, %s, counts and is shown, and clearing all faults takes it back',
    async (action, fault, words) => {
      const response = await press(action)
      expect([response.status, response.headers.get('location')]).toEqual([303, '/#faults'])
      expect(await said(`[data-fault=${fault}]`)).toContain(words)
      expect(await said('#faults-count')).toBe('1')
      await press('clear-faults')
      expect(await said('[data-no-fault]')).toBeTruthy()
      expect(await said('#faults-count')).toBe('')
    },
  )

  it.each([
    [
      'expired-secret',
      async () => {
        const code = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'none' })
        const { id, secrets } = application()
        const authorization = `Basic ${btoa(`${id}:${secrets[0]?.value}`)}`
        const headers = { authorization }
        const answer = await fetch(address('/oidc/token'), { method: 'POST', headers, body: code })
        return ((await answer.json()) as { error_description: string }).error_description
      },
      ['grant request is invalid', 'client secret has expired'],
    ],
    [
      'sign-in-only',
      async () => {
        const url = await context.app.signInUrl({ first_screen: 'register' })
        return new URL((await new UserAgent().open(url)).url).pathname
      },
      ['/register', '/sign-in'],
    ],
    [
      'third-party',
      async () => {
        const answer = await new UserAgent().request(await context.app.signInUrl())
        return new URL(answer.headers.get('location') ?? '', address()).searchParams.get('error')
      },
      [null, 'invalid_scope'],
    ],
  ])(
    'switch, %s, counts, survives clearing all faults and is taken back',
    async (name, seen, [good, bad]) => {
      const isOn = async () => (await said(`#switches input[value=${name}] + [value=no]`)) !== undefined
      expect([await seen(), await isOn()]).toEqual([good, false])
      await press('switch', { name, on: 'yes' })
      await press('clear-faults')
      expect([await seen(), await isOn()]).toEqual([bad, true])
      await press('switch', { name, on: 'no' })
      expect([await seen(), await isOn()]).toEqual([good, false])
    },
  )

  it('switch, that there is none of, is refused', async () => {
    expect((await press('switch', { name: 'constructor', on: 'yes' })).status).toBe(422)
  })

  it.each([
    ['reset connections', () => control().failTokens('reset'), 'reset'],
    ['fall silent', () => control().outage('silent'), 'silent'],
  ])('fault, told by a test to %s, is shown', async (_what, act, fault) => {
    act()
    expect(await said(`[data-fault=${fault}]`)).toBeTruthy()
  })

  it('fail-tokens, pressed, fails them', async () => {
    await press('fail-tokens')
    const answer = await fetch(address('/oidc/token'), { method: 'POST', body: new URLSearchParams() })
    expect(answer.status).toBe(500)
  })

  it('outage, pressed, leaves the way out of it', async () => {
    await press('outage')
    expect(await status('/api/status')).toBe(503)
    expect([await status('/'), await status('/sandbox.css')]).toEqual([200, 200])
    await press('clear-faults')
    expect(await status('/api/status')).toBe(204)
  })

  it.each([
    ['45', 'ahead'],
    ['-45', 'behind'],
  ])('clock, moved by %s, is shown', async (seconds, fault) => {
    await press('move-clock', { seconds })
    expect(await said(`[data-fault=${fault}]`)).toContain('45 s')
  })

  it('keys, rotated from the page, are', async () => {
    const signer = async () => decodeProtectedHeader(await control().logoutToken({ sid: 'a' })).kid
    const before = await signer()
    await press('rotate-keys')
    expect(await signer()).not.toBe(before)
  })

  it('person, suspended, unsuspended and deleted from the page, is', async () => {
    const { tokens } = await signUp(context)
    const person = tokens.claims()?.sub ?? ''
    const user = () => context.sandbox.tenant.users.find(({ id }) => id === person)
    const deliveries = control().webhookDeliveries.length
    await press('suspend', { person })
    expect(user()?.isSuspended).toBe(true)
    expect(await said(`[data-person=${person}][data-suspended] [action$=unsuspend]`)).toBeTruthy()
    expect(await text()).toMatch(
      /Logto → App POST \/webhooks\/logto 200 event=User\.SuspensionStatus\.Updated/,
    )
    await press('unsuspend', { person })
    expect(user()?.isSuspended).toBe(false)
    await press('delete', { person })
    expect(user()).toBeUndefined()
    expect(control().webhookDeliveries.slice(deliveries)).toHaveLength(3)
    const again = await press('delete', { person })
    expect([again.status, await again.text()]).toEqual([422, expect.stringContaining(`no user “${person}”`)])
  })

  it('session, logged out and ended from the page, is', async () => {
    const { tokens } = await signUp(context)
    const sub = tokens.claims()?.sub ?? ''
    const sid = String(tokens.claims()?.sid)
    const sent = async (form: Record<string, string>) => {
      const before = context.app.deliveries.length
      await press('logout', form)
      return context.app.deliveries.slice(before).map(({ token }) => decodeJwt(token))
    }
    expect(await sent({ sid, how: '' })).toMatchObject([{ sub, sid }])
    expect(await said('#sessions [name=sub]')).toBeUndefined()
    expect(await sent({ sub, how: '' })).toEqual([])
    const notRequired = { backchannelLogoutSessionRequired: false }
    const bySub = await having(application().oidcClientMetadata, notRequired, async () => {
      expect(await said('#sessions [name=sid]')).toBeUndefined()
      return sent({ sub, how: '' })
    })
    expect(bySub).toEqual([expect.objectContaining({ sub })])
    expect(bySub[0]).not.toHaveProperty('sid')
    expect(await sent({ sid, how: 'replay' })).toHaveLength(2)
    expect(await sent({ sid, how: 'nonce' })).toMatchObject([{ nonce: expect.any(String) }])
    expect(await text()).toMatch(/Logto → App POST \/backchannel-logout 200 logout_token=…/)
    expect((await press('logout', { how: '' })).status).toBe(422)

    const theirs = () =>
      control()
        .sessions()
        .filter(({ userId }) => userId === sub)
    await press('end-session', { uid: theirs()[0]?.uid ?? '' })
    expect(theirs()).toEqual([])
  })

  it('forms of the page, filled in as they stand, are taken', async () => {
    const browser = new UserAgent()
    await signUp(context)
    await browser.open(address())
    const page = await browser.submit({ sid: 'a', how: '' })
    expect([page.status, page.url.split('#')[0]]).toEqual([200, address()])
  })

  it('application, away, is shown as no answer', async () => {
    const nowhere = { backchannelLogoutUri: 'nowhere' }
    await having(application().oidcClientMetadata, nowhere, () => press('logout', { sid: 'a' }))
    expect(await said('.calls li:last-child [data-status=none]')).toBeTruthy()
    expect(await said('.calls li:last-child .fault')).toBeTruthy()
  })

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['of the app, on another port', { origin: 'http://localhost:1' }],
    ['of a page that hides', { origin: 'null' }],
    ['of a page that hides, of another port', { origin: 'null', 'sec-fetch-site': 'same-site' }],
    ['of the other loopback name', { origin: `http://127.0.0.1` }],
  ])('form, %s, is refused and does nothing', async (_what, headers) => {
    const response = await press('outage', {}, headers)
    expect(response.status).toBe(403)
    expect(await status('/api/status')).toBe(204)
  })

  it('form, of its own page under a policy of no referrer, is taken', async () => {
    const response = await press('clear-faults', {}, { origin: 'null', 'sec-fetch-site': 'same-origin' })
    expect(response.status).toBe(303)
  })

  it('form, without an origin, is refused', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      request(address('/control/outage'), { method: 'POST' }, (res) => resolve(res.resume().statusCode))
        .once('error', reject)
        .end()
    })
    expect(answer).toBe(403)
    expect(await status('/api/status')).toBe(204)
  })

  it('page, opened as 127.0.0.1, has forms that are taken', async () => {
    const host = `http://127.0.0.1:${new URL(address()).port}`
    const response = await fetch(`${host}/control/clear-faults`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: host },
    })
    expect(response.status).toBe(303)
  })

  it('button, that there is none of, is 404, and asking for one with GET does nothing', async () => {
    for (const action of ['nothing', 'constructor']) expect((await press(action)).status).toBe(404)
    expect(await status('/control/outage')).toBe(404)
    expect(await status('/api/status')).toBe(204)
  })
})

describe('an invitation to the portal', () => {
  it('invitation, of a portal beside the app, can be opened from here, and nothing can without one', async () => {
    expect(await said('#invitation [data-invitation]')).toBeUndefined()
    const link = 'http://localhost:3003/invitation?key=k'
    const console = 'http://localhost:4000/admin/apps'
    const administrator = 'admin@initech.example'
    context.sandbox.showInvitation({ company: 'Initech', link, console, administrator })
    const page = parse((await new UserAgent().open(address('/?ui_locales=ja'))).body)
    const links = page.querySelectorAll('#invitation a').map((each) => each.getAttribute('href'))
    expect(links).toEqual([link, console])
    expect(page.querySelector('#invitation')?.textContent).toContain(administrator)
  })

  it('organization, of the tenant, is shown with its connector and its members', async () => {
    const { tenant } = context.sandbox
    const [connector] = tenant.ssoConnectors
    const [organization] = tenant.organizations.filter(({ jit }) => jit.ssoConnectorIds.length > 0)
    const shown = await said('#wiring')
    expect(shown).toContain(organization?.id)
    expect(shown).toContain(connector?.connectorName)
  })
})
