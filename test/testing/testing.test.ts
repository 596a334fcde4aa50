import express from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { signInAs, talksTo } from '../../src/testing/sign-in-as.ts'
import { testSingleSignOn } from '../../src/testing/test-single-sign-on.ts'
import { baseUrl, testApp } from '../support/app.ts'

const profile = { accept: 'text/html', host: new URL(baseUrl).host }

describe('testSingleSignOn', () => {
  const host = () => {
    const sso = testSingleSignOn()
    const app = express().use(sso.routes)
    app.get('/reports', sso.requireSignIn, (req, res) => void res.json(sso.accountOf(req)))
    return { sso, app: app.use(sso.errors) }
  }

  it('cookie, of a person, signs in without a request, and of a session that has ended no more', async () => {
    const { sso, app } = host()
    const cookie = await sso.cookieFor({ sub: 'user-7', name: 'Erin Moore' })
    const reports = () => supertest(app).get('/reports').set({ cookie })
    expect((await reports()).body).toMatchObject({ sub: 'user-7', claims: { name: 'Erin Moore' } })
    expect(sso.logto.calls).toEqual([])
    await supertest(app).get('/sign-out').set({ cookie })
    expect((await reports()).status).toBe(401)
  })

  it('agent, of the app that was made last, is signed in, and the hooks have heard of it', async () => {
    const heard: string[] = []
    const sso = testSingleSignOn(
      {},
      {
        onSignedIn: ({ sub }) => heard.push(`in ${sub}`),
        onSessionEnded: async ({ by }) => {
          heard.push(by)
          throw new Error('the database is away')
        },
      },
    )
    const agent = supertest.agent(express().use(sso.routes))
    await signInAs(agent, { sub: 'user-9' })
    expect(heard).toEqual(['in user-9'])
    expect((await agent.get('/sign-out')).status).toBe(303)
    expect(heard).toEqual(['in user-9', 'signed_out'])
  })

  it('agent, where BASE_URL is on https, is told what to do', async () => {
    const sso = testSingleSignOn({ BASE_URL: 'https://app.test' })
    await expect(signInAs(supertest.agent(express().use(sso.routes)))).rejects.toThrow('BASE_URL on http')
  })
})

describe('somebody of a company', () => {
  const companies = [
    { id: 'c1', name: 'Acme', issuer: 'https://acme.okta.test', domains: ['acme.example'] },
    {
      ...{
        id: 'c2',
        name: 'Vandelay',
        issuer: 'https://login.vandelay.test/v2.0',
        domains: ['vandelay.example'],
      },
      ...{ provider: 'AzureAdOidc', organizationId: 'org2' },
    },
  ]
  const vandelay = { id: 'c2', name: 'Vandelay', organization: 'org2', provider: 'AzureAdOidc' }
  const host = () => {
    const heard: object[] = []
    const onSignedIn = (event: object) => heard.push(event)
    const sso = testSingleSignOn({ SSO_CONNECTORS: JSON.stringify(companies) }, { onSignedIn })
    const app = express().use(sso.routes)
    app.get('/company', sso.requireSignIn, (req, res) => {
      res.json({ company: sso.companyOf(req), email: sso.personOf(req)?.email })
    })
    app.get('/account', sso.requireSignIn, (req, res) => void res.json(sso.accountOf(req)))
    return { sso, heard, app: app.use(sso.errors) }
  }

  it.each([
    ['a name', { company: 'Vandelay' }, { company: vandelay, email: 'user-1@vandelay.example' }],
    [
      'a connector’s ID, with an address',
      { company: 'c2', email: 'art@vandelay.example' },
      { company: vandelay, email: 'art@vandelay.example' },
    ],
    ['none', {}, { company: undefined, email: 'employee@acme.example' }],
  ])('person, whose company is %s, is of it, by cookie and by sign-in alike', async (_what, person, seen) => {
    const { sso, heard, app } = host()
    const cookie = await sso.cookieFor(person)
    expect((await supertest(app).get('/company').set({ cookie })).body).toEqual(seen)
    const agent = supertest.agent(app)
    await signInAs(agent, person)
    expect((await agent.get('/company')).body).toEqual(seen)
    const { session, claims } = (await agent.get('/account')).body
    expect(heard).toEqual([{ sub: 'user-1', session, person: claims, company: seen.company }])
  })

  it('person, of a company that nobody has set, or with an address of another one, is an error', async () => {
    const { sso } = host()
    await expect(sso.cookieFor({ company: 'Hooli' })).rejects.toThrow('Hooli')
    await expect(sso.cookieFor({ company: 'c1', email: 'art@vandelay.example' })).rejects.toThrow('Vandelay')
  })
})

describe('signInAs', () => {
  it('agent, in one line, is signed in as that person, and another agent is not', async () => {
    const { app } = testApp()
    const [erin, stranger] = [supertest.agent(app), supertest.agent(app)]
    await signInAs(erin, { sub: 'user-7', name: 'Erin Moore', email: 'erin@acme.example' })
    expect((await erin.get('/profile').set(profile)).text).toContain('erin@acme.example')
    expect((await stranger.get('/profile').set(profile)).status).toBe(303)
  })

  it('agent, of an app below a path, is signed in there', async () => {
    const { app } = testApp({ settings: { BASE_URL: 'http://app.test/portal' } })
    const agent = supertest.agent(app)
    await expect(signInAs(agent)).resolves.toBeUndefined()
  })

  it('agent, of an app without the routes, is told what it got', async () => {
    await expect(signInAs(supertest.agent(express()))).rejects.toThrow('the sign-in ended with 404')
  })

  it('sign-in, refused, is an error that shows the answer', async () => {
    const { app, logto } = testApp()
    talksTo(app, { logto, baseUrl })
    logto.metadata.issuer = 'https://another.example'
    await expect(signInAs(supertest.agent(app))).rejects.toThrow('the sign-in ended with')
  })
})
